"""Settings for work on one machine: errors shown in the browser, no secret needed."""

from .base import *  # noqa: F403
from .base import env

DEBUG = True
SECRET_KEY = env("SECRET_KEY", default="development-only-never-used-where-others-can-reach-it")
ALLOWED_HOSTS = ["*"]
SERVE_IMAGES = True
# Passkeys work on this machine without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
