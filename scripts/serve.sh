#!/bin/sh
# Runs the site on this machine as it runs in production, over plain HTTP: scripts/serve.sh 8000
# Anything already set in the environment wins over what is set here.
set -eu

port=$1
python=.venv/bin/python

# Sessions and signed links must outlive a restart, so the key is made once and kept out of version control.
if [ ! -s var/secret-key ]; then
    mkdir -p var
    (umask 077 && "$python" -c 'import secrets; print(secrets.token_urlsafe(64))' >var/secret-key)
fi

export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-bctt.settings.production}"
export SECRET_KEY="${SECRET_KEY:-$(cat var/secret-key)}"
export ALLOWED_HOSTS="${ALLOWED_HOSTS:-localhost,127.0.0.1}"
export BASE_URL="${BASE_URL:-http://localhost:$port}"
export HTTPS_ONLY="${HTTPS_ONLY:-false}"
export SERVE_IMAGES="${SERVE_IMAGES:-true}"

"$python" manage.py collectstatic --noinput --verbosity 0
"$python" manage.py migrate --noinput --verbosity 0
"$python" manage.py first_run --print-password
echo "The site is at http://localhost:$port/ and its admin at http://localhost:$port/admin/   Stop it with Ctrl-C."
exec scripts/with_tick.sh "$python" -m gunicorn --config bctt/gunicorn.py --bind "127.0.0.1:$port" bctt.wsgi
