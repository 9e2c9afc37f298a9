// The admin's choosers of days and times leave alone what was typed. They would read "5.30pm" as 05:30 on leaving
// the field, before the server, which knows how people write times, has seen it.
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
