"""The settings of a public server, each tried in a process of its own."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "bctt.settings.production",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "www.example.org",
    "BASE_URL": "https://www.example.org",
    "DATABASE_URL": "sqlite:////nowhere/db.sqlite3",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "CLIENT_ADDRESS": "HTTP_X_REAL_IP",
}
# What a developer keeps in .env must not decide what is tested.
ALONE = "import environ; environ.Env.read_env = lambda *args, **kwargs: None\n"


def run(program: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run a Python program with the settings of a public server, changed by `process_environment` (None takes away)."""
    chosen = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error::DeprecationWarning", **ENVIRONMENT, **environment}
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", ALONE + program],
        cwd=ROOT,
        env={name: value for name, value in chosen.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def setting(expression: str, **environment: str | None) -> str:
    """Return what an expression on `settings` prints."""
    done = run(f"from django.conf import settings; print({expression})", **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


CHECK = "from django.core.management import execute_from_command_line as run; run(['manage.py', 'check', '--deploy'])"


def test_a_public_server_set_up_as_documented_has_no_warning() -> None:
    done = run(CHECK)
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues (0 silenced)." in done.stdout + done.stderr


@pytest.mark.parametrize("environment", [{}, {"HTTPS_ONLY": "false", "TRUST_FORWARDED_PROTO": "true"}])
def test_a_public_server_is_warned_when_all_visitors_would_share_one_limit(environment: dict[str, str]) -> None:
    done = run(CHECK, **environment, CLIENT_ADDRESS=None)
    assert "core.W002" in done.stdout + done.stderr


def test_a_server_for_trying_on_one_machine_sends_nobody_to_https() -> None:
    expression = (
        "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, "
        "settings.SECURE_HSTS_SECONDS, settings.DEBUG"
    )
    assert setting(expression, HTTPS_ONLY="false") == "False False False 0 False"
    assert setting(expression) == "True True True 31536000 False"


def test_cookies_of_a_site_that_is_https_only_belong_to_its_host_alone() -> None:
    names = "settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME"
    assert setting(names) == "__Host-sessionid __Host-csrftoken"
    assert setting(names, HTTPS_ONLY="false") == "sessionid csrftoken"
    # A browser refuses the prefix with anything else.
    rules = "settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_DOMAIN"
    assert setting(f"{rules}, settings.CSRF_COOKIE_PATH") == "None / None /"
    # The cookie that messages would have has a name of Django's.
    assert setting("settings.MESSAGE_STORAGE").endswith("SessionStorage")


def test_whoever_comes_without_https_is_sent_to_the_one_address_of_the_site() -> None:
    assert setting("settings.SECURE_SSL_HOST") == "www.example.org"


def test_reports_of_broken_policies_go_where_a_setting_says_and_else_nowhere() -> None:
    policies = "settings.CONTENT_SECURITY_POLICY['DIRECTIVES'], settings.CONTENT_SECURITY_POLICY_ADMIN"
    assert "report" not in setting(policies)
    found = setting(policies, CSP_REPORT_URI="https://reports.example.org/csp")
    assert found.count("'report-uri': ['https://reports.example.org/csp'], 'report-to': ['csp']") == 2


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_public_server_does_not_start_without_what_it_must_be_told(name: str) -> None:
    done = run(CHECK, **{name: None})
    assert done.returncode != 0
    assert f"ImproperlyConfigured: Set the {name} environment variable" in done.stderr


def test_a_public_server_does_not_start_with_an_empty_secret() -> None:
    done = run("from django.conf import settings; settings.SECRET_KEY", SECRET_KEY="")
    assert done.returncode != 0
    assert "The SECRET_KEY setting must not be empty." in done.stderr


def test_a_forwarded_protocol_is_believed_only_when_told() -> None:
    assert setting("settings.SECURE_PROXY_SSL_HEADER") == "None"
    assert "HTTP_X_FORWARDED_PROTO" in setting("settings.SECURE_PROXY_SSL_HEADER", TRUST_FORWARDED_PROTO="true")


def test_postgresql_by_its_address_checks_its_connections() -> None:
    found = setting("settings.DATABASES['default']", DATABASE_URL="postgres://person:word@db.example.org:5432/bctt")
    database = ast.literal_eval(found)
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5432, "bctt")
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["CONN_MAX_AGE"] > 0


PRAGMAS = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        cursor.execute(f"PRAGMA {pragma}")
        print(pragma, cursor.fetchone()[0])
"""


def test_sqlite_runs_as_the_settings_say(tmp_path: Path) -> None:
    done = run(PRAGMAS, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["journal_mode wal", "synchronous 1", "foreign_keys 1", "busy_timeout 20000"]


# Each thread reads, thinks and then writes within one transaction: without IMMEDIATE the second writer is
# refused at once, whatever the timeout, because what it has read is out of date.
WRITERS = """
import threading, time
import django; django.setup()
from django.db import connection, transaction

with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE club (caught integer)")
    cursor.execute("INSERT INTO club VALUES (0)")
connection.close()
failures = []

def juggle():
    try:
        for _ in range(25):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT caught FROM club")
                caught = cursor.fetchone()[0]
                time.sleep(0.002)
                cursor.execute("UPDATE club SET caught = %s", [caught + 1])
    except Exception as error:
        failures.append(error)
    finally:
        connection.close()

jugglers = [threading.Thread(target=juggle) for _ in range(2)]
for juggler in jugglers:
    juggler.start()
for juggler in jugglers:
    juggler.join()
with connection.cursor() as cursor:
    cursor.execute("SELECT caught FROM club")
    print(cursor.fetchone()[0], failures)
"""


def test_two_who_write_at_once_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    done = run(WRITERS, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "50 []"
