#!/bin/sh
# Makes .venv and installs one requirements file into it: scripts/venv.sh requirements.txt
# Uses the interpreter named in $PYTHON, or the first one found that is new enough.
set -eu

requirements=$1
venv=.venv

fail() {
    printf '\n%s\n\n' "$*" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

# A virtual environment stops working when the Python it was made from is removed or upgraded.
if ! new_enough "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    [ -n "$python" ] || fail "This project needs Python 3.11 or newer, and none was found.
Install it (on Debian or Ubuntu: sudo apt install python3 python3-venv; elsewhere: python.org/downloads)
and try again. If it is installed under another name, say which: make run PYTHON=/path/to/python3.12"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail "Python's \"venv\" module is not installed.
On Debian or Ubuntu it is a package of its own: sudo apt install python3-venv   Then try again."
    echo "Making a virtual environment in $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

echo "Installing the packages in $requirements (the first time this takes a minute or two)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements" ||
    fail "The packages could not be installed: the reason is above. Often it is the internet connection.
Nothing is half-done that the next try would not put right."
