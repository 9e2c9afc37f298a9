"""What robots are asked to keep out of: each app says so of its own addresses."""

from django.urls import reverse

_url_names = ["wagtailadmin_home"]


def keep_robots_out(url_name: str) -> None:
    """Ask robots to keep out of an address, given by its name, and of all that is beneath it."""
    _url_names.append(url_name)


def disallowed_paths() -> list[str]:
    """Return the paths that robots should keep out of."""
    return [reverse(url_name) for url_name in _url_names]
