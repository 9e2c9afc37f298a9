#!/bin/sh
# Runs a server, and beside it what is due by the clock: scripts/with_tick.sh COMMAND…
# On a public server the two are run apart, so that one can be stopped without the other (docs/operations.md).
set -eu

.venv/bin/python manage.py tick --forever &
tick=$!
trap 'kill "$tick" 2>/dev/null || true; wait' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$@"
