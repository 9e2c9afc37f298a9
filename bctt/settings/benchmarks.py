"""Settings for the benchmarks and drills: those of development, with the commands that no site needs."""

from .base import INSTALLED_APPS
from .dev import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
