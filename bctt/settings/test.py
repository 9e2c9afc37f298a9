"""Settings for the tests: production's behaviour, quick password hashing, files in a scratch folder."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403

SECRET_KEY = "tests-only"  # noqa: S105 (not a secret)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SERVE_IMAGES = True
MEDIA_ROOT = tempfile.mkdtemp(prefix="bctt-media-")
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="bctt-static-"))
WAGTAILADMIN_BASE_URL = "http://testserver"
