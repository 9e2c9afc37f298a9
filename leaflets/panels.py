"""What editors see above the files of a leaflet when something is wrong with them."""

from functools import cached_property
from typing import Any

from wagtail.admin.panels import Panel


class FilesToMendPanel(Panel):
    """Lists the files that are still to be added and those with problems; shows nothing when all is well."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "leaflets/panels/files_to_mend.html"

        @cached_property
        def files(self) -> list[Any]:
            """What `LeafletPage.files_to_mend` says of the page being edited."""
            found: list[Any] = self.instance.files_to_mend()
            return found

        def is_shown(self) -> bool:
            """Whether a file of the leaflet has a problem to tell of."""
            return super().is_shown() and bool(self.files)
