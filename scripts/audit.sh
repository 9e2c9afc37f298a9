#!/bin/sh
# Asks pypi.org and the registry of npm whether anything that is pinned has a known fault: scripts/audit.sh
# Ends with 0 if nothing is known, 1 if something is, and 2 if one of them could not be asked.
set -u

bin=${BIN:-.venv/bin}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
found=0
unasked=0

# What was said goes to the terminal, except for the long story of a connection that failed.
judge() {
    what=$1 code=$2
    if [ "$code" -eq 0 ]; then
        echo "$what: no known fault."
    elif grep -Eqi '(found [0-9]+ known|[0-9]+ .*vulnerabilit)' "$out"; then
        cat "$out"
        echo "$what: something that is pinned has a known fault. Look above, then: make lock UPGRADE=1" >&2
        found=1
    else
        tail -n 1 "$out" | cut -c 1-300 >&2
        echo "$what: could not be asked. This needs a way out to the internet; nothing is known of it." >&2
        unasked=1
    fi
}

# Everything is pinned with its hash, so nothing has to be installed or worked out to know what there is.
for file in requirements.txt requirements-dev.txt; do
    "$bin/pip-audit" --disable-pip --require-hashes --progress-spinner off --timeout 10 -r "$file" >"$out" 2>&1
    judge "$file" $?
done
if command -v npm >/dev/null; then
    (cd frontend && npm audit --package-lock-only --fetch-retries 1) >"$out" 2>&1
    judge frontend/package-lock.json $?
else
    echo "frontend/package-lock.json: left out, because Node.js is not installed." >&2
    unasked=1
fi

[ "$found" -eq 0 ] || exit 1
[ "$unasked" -eq 0 ] || exit 2
