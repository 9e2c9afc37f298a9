"""Parts of addresses that stand for something of the site."""


class IdConverter:
    """The id of a page or file: as many digits as a database can hold, so that more of them are simply not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Return the id that an address has, a whole number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the id as text."""
        return str(value)
