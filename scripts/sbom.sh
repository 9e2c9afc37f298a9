#!/bin/sh
# Writes what the site is made of, as CycloneDX: scripts/sbom.sh FOLDER
# python.cdx.json has the packages that a server installs, frontend.cdx.json what the styles and scripts are built with.
# It reads the files that pin them, and needs no way out to the internet.
set -eu

bin=${BIN:-.venv/bin}
folder=$1
mkdir -p "$folder"
PYTHONWARNINGS=ignore "$bin/cyclonedx-py" requirements --pyproject pyproject.toml --output-reproducible \
    --output-file "$folder/python.cdx.json" requirements.txt
echo "$folder/python.cdx.json"
if command -v npm >/dev/null; then
    (cd frontend && npm sbom --sbom-format cyclonedx --package-lock-only) >"$folder/frontend.cdx.json"
    echo "$folder/frontend.cdx.json"
else
    echo "frontend.cdx.json is left out, because Node.js is not installed." >&2
fi
