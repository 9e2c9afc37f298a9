"""Settings shared by every environment; what is secret or local comes from the environment (see .env.example)."""

import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE

from .search import search_backends

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# What this machine makes and keeps: database, uploads, collected static files.
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
# The tests are the same for everyone, whatever this machine's .env says.
if os.environ.get("DJANGO_SETTINGS_MODULE") != "bctt.settings.test":
    environ.Env.read_env(BASE_DIR / ".env")

# Other users of the machine read nothing of what is kept. The web server in front may read pictures where it is in the
# site's group and this is set. `manage.py close_files` closes what is there already.
MEDIA_GROUP_READABLE = env.bool("MEDIA_GROUP_READABLE", default=False)
FILE_UPLOAD_PERMISSIONS = 0o640 if MEDIA_GROUP_READABLE else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if MEDIA_GROUP_READABLE else 0o700
VAR_DIR.mkdir(mode=FILE_UPLOAD_DIRECTORY_PERMISSIONS, exist_ok=True)

DEBUG = False
# Whether these are the settings of development, with which nobody acts for others on a server (core.acting).
DEVELOPMENT = False
SECRET_KEY: str
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "editors",
    "home",
    "search",
    "followers",
    "whats_on",
    "news",
    "leaflets",
    "centres",
    "accounts.apps.AccountsConfig",
    "core",
    "users",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "wagtailnhsukfrontend",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.apps.UserScreensConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "core.staticfiles.SiteStaticFilesConfig",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    # Outside all others, so that what these answer themselves has the headers too.
    "core.middleware.headers.ContentSecurityPolicyMiddleware",
    "core.middleware.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "core.middleware.page_access.VisibilityMiddleware",
    "core.middleware.entries.EntryMiddleware",
    "core.middleware.entries.AdminNumbersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.middleware.security_log.SecurityLogMiddleware",
    "core.middleware.page_access.PageAccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "bctt.urls"
WSGI_APPLICATION = "bctt.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Database. SQLite is the embedded default; these options keep several writers from meeting "database is locked":
# readers never block a writer (WAL), a writer takes its lock when its transaction begins (IMMEDIATE) and waits for
# it (timeout, in seconds). core.checks asserts them.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# Users sign in with their e-mail address.
AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Signing in is django-allauth's, at the admin's own addresses (accounts.urls); nobody signs up. Who it is, is asked of
# Django: the library's own backend would take addresses that it keeps beside the user's. Guessing is limited in the
# database (accounts.lock_outs) and not, as the library does it, in the cache.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.SignInForm",
    "reauthenticate": "accounts.sign_in_forms.PasswordAgainForm",
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.CodeForm",
    "reauthenticate": "accounts.sign_in_forms.CodeAgainForm",
    "activate_totp": "accounts.sign_in_forms.SetUpAppForm",
    "login_webauthn": "accounts.sign_in_forms.PasskeySignInForm",
    "authenticate_webauthn": "accounts.sign_in_forms.PasskeyForm",
    "reauthenticate_webauthn": "accounts.sign_in_forms.PasskeyAgainForm",
    "add_webauthn": "accounts.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.sign_in_forms.RenamePasskeyForm",
}
# Whether administrators, publishers and followers officers need a second factor.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
# Nobody types somebody else's password: who is added gets a link. Changing one's own password and address has panels of
# ours (accounts.account_panels), which Wagtail's would stand beside.
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = True
# A session ends after so many minutes in which nothing was asked for, and so many days after signing in whatever is
# done. Without "Remember me" it also ends when the browser is closed.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=8 * 60)
SESSION_DAYS = env.int("SESSION_DAYS", default=14)
SESSION_COOKIE_AGE = SESSION_DAYS * 24 * 60 * 60
# Single sign-on (OpenID Connect) with a directory, where these name one.
OIDC_SERVER_URL: str = env("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID: str = env("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET: str = env("OIDC_CLIENT_SECRET", default="")
OIDC_NAME: str = env("OIDC_NAME", default="your organisation")
# Whether that directory asks for a second factor itself.
OIDC_PROVIDES_SECOND_FACTOR = env.bool("OIDC_PROVIDES_SECOND_FACTOR", default=False)
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

# Where a request says which address it is from, by which searching and following are limited for one visitor. Behind a
# proxy that is a header which the proxy sets, such as HTTP_X_REAL_IP (core.W002 warns).
CLIENT_ADDRESS: str = env("CLIENT_ADDRESS", default="REMOTE_ADDR")

# Language and time. Every opening time, event and deadline is Europe/London.
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# The pictures of the editors' guide are shown in the admin.
STATICFILES_DIRS = [BASE_DIR / "bctt" / "static", ("guide", BASE_DIR / "docs" / "editor-guide" / "images")]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
# Whether Django itself sends pictures. A public server lets the web server in front of it do that.
SERVE_IMAGES = env.bool("SERVE_IMAGES", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Uploaded PDFs are read at once, or by a worker (manage.py db_worker --backend files). Only that waits for a worker:
# what Wagtail itself gives the default backend, such as noting which page uses what, must be done when a save ends.
READ_FILES_IN_BACKGROUND = env.bool("READ_FILES_IN_BACKGROUND", default=False)
# The longest that reading one may take, in seconds. At once, an editor waits for it.
READ_FILES_SECONDS = 60 if READ_FILES_IN_BACKGROUND else 8
IMMEDIATE = "django_tasks.backends.immediate.ImmediateBackend"
TASKS = {
    "default": {"BACKEND": IMMEDIATE},
    "files": {"BACKEND": "django_tasks_db.DatabaseBackend" if READ_FILES_IN_BACKGROUND else IMMEDIATE},
}

# A virus scanner (clamd) that every upload is shown to: host:port, or the path of its socket. Without it, none is.
CLAMD_ADDRESS = env("CLAMD_ADDRESS", default="")
# The longest that it may take to look at one file, in seconds. An editor waits for it.
CLAMD_SECONDS = env.int("CLAMD_SECONDS", default=20)

FILE_UPLOAD_HANDLERS = ["core.uploads.file_names.ShortNameInMemory", "core.uploads.file_names.ShortNameOnDisk"]

# Wagtail's page editor sends many fields for a page with many rows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
# Mails go by our own SMTP backend, which is Django's with more patience.
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_CONFIG["EMAIL_BACKEND"] = "core.mail.backends.smtp.PatientEmailBackend"
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="website@localhost")
# Where answers to our mails go, if it is not the sender.
REPLY_TO = env("REPLY_TO", default="")
# Seconds that a mail server may take to answer, and to take a message (RFC 5321, 4.5.3.2.6).
EMAIL_TIMEOUT = 20
EMAIL_DATA_TIMEOUT = env.int("EMAIL_DATA_TIMEOUT", default=600)
# How many owed mails all machines together send in a minute; 0 for as many as they can.
MAILS_A_MINUTE = env.int("MAILS_A_MINUTE", default=600)
# How long a process that sends mails keeps those it has leased, should it be killed. A mail server answers five
# commands, each within EMAIL_TIMEOUT, before it takes a message: this must be more than that. The one mail that is at
# the server then is kept for EMAIL_DATA_TIMEOUT longer.
MAIL_LEASE = timedelta(seconds=env.int("MAIL_LEASE_SECONDS", default=300))
# GOV.UK Notify, where NOTIFY_API_KEY is set, takes the place of the mail server.
NOTIFY_API_KEY = env("NOTIFY_API_KEY", default="")
NOTIFY_TEMPLATE_ID = env("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_BASE_URL = env("NOTIFY_BASE_URL", default="https://api.notifications.service.gov.uk")
# By which GOV.UK Notify proves that it is Notify when it reports what could not be delivered.
NOTIFY_CALLBACK_TOKEN = env("NOTIFY_CALLBACK_TOKEN", default="")
# A provider of e-mail that django-anymail knows, such as "postmark"; its own settings begin with ANYMAIL_.
EMAIL_PROVIDER = env("EMAIL_PROVIDER", default="")
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
# Where reports of what could not be delivered go: the address of a mailbox that takes name+anything@ too, and the
# mailbox itself, as imaps://user:password@host:993/INBOX.
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
BOUNCE_IMAP_URL = env("BOUNCE_IMAP_URL", default="")
if NOTIFY_API_KEY:
    EMAIL_BACKEND = "core.mail.backends.notify.NotifyBackend"
elif EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"

# Wagtail
WAGTAIL_SITE_NAME = "Better Care Together Thurrock"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://localhost:8000")
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.SiteDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.images.forms.CleanImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "leaflets.forms.DocumentForm"
# What is taken; browsers get JPEG, PNG, GIF and WebP (core.images.cleaning).
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp3", "odt", "pdf", "pptx", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = search_backends(env("SEARCH_URL", default=""), DATABASES["default"]["ENGINE"])
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
TAGGIT_CASE_INSENSITIVE = True
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "core.rich_text.CleanRichTextArea"}}

# Security. Public pages need no inline script or style and nothing from another host; the admin's own screens do
# need inline ones (core.middleware.headers chooses the policy by address).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Where browsers report what the policy stopped; nowhere unless that is set.
POLICY_REPORTS_TO: str = env("CSP_REPORT_URI", default="")
if POLICY_REPORTS_TO:
    # The first is for browsers that do not know the second, which names an endpoint of the header Reporting-Endpoints.
    CONTENT_SECURITY_POLICY["DIRECTIVES"] |= {"report-uri": [POLICY_REPORTS_TO], "report-to": ["csp"]}
CONTENT_SECURITY_POLICY_ADMIN = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail allows its own preview frames
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the admin's JavaScript reads it
CSRF_COOKIE_SAMESITE = "Lax"
# Messages wait in the session: no cookie of their own, whose name could not be chosen.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A line for each edit and index update says nothing to whoever runs the site; the admin keeps the history.
    "loggers": {"django_tasks": {"level": "WARNING"}, "wagtail": {"level": "WARNING"}},
}
