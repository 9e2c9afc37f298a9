#!/bin/sh
# Compiles requirements*.txt from pyproject.toml, with the hash of every file that may be installed.
# scripts/lock.sh            keeps the versions already pinned where they still fit
# scripts/lock.sh --upgrade  takes the newest that pyproject.toml allows
# scripts/lock.sh --check    changes nothing, fails when the files no longer follow from pyproject.toml
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp pyproject.toml "$work"
for file in requirements.txt requirements-dev.txt; do
    [ ! -f "$file" ] || cp "$file" "$work"
done

uv="$PWD/.venv/bin/uv"
upgrade=
[ "${1:-}" != --upgrade ] || upgrade=--upgrade

# No machine's own indexes or folders may find their way into the files: they must install anywhere.
compile() {
    # shellcheck disable=SC2086  # an empty $upgrade must vanish
    (cd "$work" && env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL "$uv" --quiet --no-config \
        pip compile $upgrade --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" pyproject.toml "$@" >/dev/null)
}
compile --output-file requirements.txt
compile --group dev --constraint requirements.txt --output-file requirements-dev.txt

for file in requirements.txt requirements-dev.txt; do
    if [ "${1:-}" != --check ]; then
        cp "$work/$file" "$file"
    elif ! diff -u "$file" "$work/$file"; then
        echo "$file does not follow from pyproject.toml. Run: make lock" >&2
        exit 1
    fi
done
