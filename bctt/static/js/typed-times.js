jQuery.fn.datetimepicker.defaults.validateOnBlur=!1;
