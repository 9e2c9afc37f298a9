"""Settings for work on one machine: errors shown in the browser, no secret needed."""

from .base import *  # noqa: F403
from .base import INSTALLED_APPS, env

DEBUG = True
DEVELOPMENT = True
# Static files come with the headers that production gives them, not from runserver itself.
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
SECRET_KEY = env("SECRET_KEY", default="development-only-never-used-where-others-can-reach-it")
ALLOWED_HOSTS = ["*"]
SERVE_IMAGES = True
# Passkeys work on this machine without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
