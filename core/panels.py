"""A panel of the admin's forms that says in a sentence what will happen by itself."""

from typing import Any

from wagtail.admin.panels import Panel


class SentencePanel(Panel):
    """Shows a text of what is being edited, as it was last saved; nothing while that text is empty.

    `name` is the attribute of the instance that gives the text.
    """

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name

    def clone_kwargs(self) -> dict[str, Any]:
        """Return what it takes to make another panel like this."""
        return {**super().clone_kwargs(), "name": self.name}

    class BoundPanel(Panel.BoundPanel):
        """The panel in one form."""

        template_name = "core/admin/sentence_panel.html"

        def is_shown(self) -> bool:
            """Whether there is anything to say."""
            return bool(self.instance.pk and self.text)

        @property
        def text(self) -> str:
            """The text that the panel shows."""
            return str(getattr(self.instance, self.panel.name))
