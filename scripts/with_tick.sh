#!/bin/sh
# Runs a server, and beside it what is due by the clock: scripts/with_tick.sh COMMAND…
# On a public server the two are run apart, so that one can be stopped without the other (docs/operations.md).
set -eu

.venv/bin/python manage.py tick --forever &
tick=$!
"$@" &
server=$!
# Whoever ends this ends both; Ctrl-C does not reach what a script runs in the background.
trap 'kill -TERM "$server" "$tick" 2>/dev/null || true' INT TERM
code=0
wait "$server" || code=$?
kill -TERM "$server" "$tick" 2>/dev/null || true
wait
exit "$code"
