"""Settings for the benchmarks and drills: those of development, with the commands that no site needs."""

from .base import INSTALLED_APPS
from .dev import *  # noqa: F403

# They act on temporary databases of their own.
DEVELOPMENT = False
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
