"""Settings for the tests: production's behaviour, quick password hashing, files in a temporary folder."""

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, VAR_DIR, env

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks", "testing"]
SECRET_KEY = "tests-only"  # noqa: S105 (not a secret)
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SERVE_IMAGES = True
# Passkeys work on this machine without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Each process of the tests has a folder of its own: they would share the locks of what is due, and names of files.
VAR_DIR = VAR_DIR / "test" / env("PYTEST_XDIST_WORKER", default="alone")
MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WAGTAILADMIN_BASE_URL = "http://testserver"
