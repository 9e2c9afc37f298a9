"""What the site is made of, and whether any of it has a known fault: the commands that say so."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from testing.sources import ROOT

BIN = str(Path(sys.executable).parent)
# Nobody listens there, so nobody is asked.
NOWHERE = "http://127.0.0.1:9"
WITHOUT_NETWORK = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "npm_config_registry"), NOWHERE)


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own script)
        [ROOT / "scripts" / script, *arguments],
        cwd=ROOT,
        env={**os.environ, "BIN": BIN, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pinned(file: str) -> dict[str, str]:
    """Return the versions that a file of pins names, by package."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", (ROOT / file).read_text(), re.MULTILINE))


def test_the_list_of_what_the_site_is_made_of_has_every_pinned_package(tmp_path: Path) -> None:
    done = run("sbom.sh", str(tmp_path))
    assert done.returncode == 0, done.stderr
    python = json.loads((tmp_path / "python.cdx.json").read_text())
    assert python["bomFormat"] == "CycloneDX"
    listed = {each["name"]: each["version"] for each in python["components"]}
    assert len(listed) > 20
    assert listed == pinned("requirements.txt")
    if shutil.which("npm"):
        frontend = json.loads((tmp_path / "frontend.cdx.json").read_text())
        assert "nhsuk-frontend" in {each["name"] for each in frontend["components"]}


def test_an_audit_that_can_ask_nobody_says_so_and_does_not_pass() -> None:
    done = run("audit.sh", **WITHOUT_NETWORK)
    assert done.returncode == 2
    for file in ("requirements.txt", "requirements-dev.txt"):
        assert f"{file}: could not be asked. This needs a way out to the internet" in done.stderr
    assert "no known fault" not in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("said", "code", "ends_with"),
    [
        ("No known vulnerabilities found", 0, 0),
        ("Found 2 known vulnerabilities in 1 package", 1, 1),
        ("ConnectionError: Max retries exceeded", 1, 2),
    ],
)
def test_an_audit_tells_a_fault_from_silence(tmp_path: Path, said: str, code: int, ends_with: int) -> None:
    for name in ("pip-audit", "npm"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
        program.chmod(0o755)
    done = run("audit.sh", BIN=str(tmp_path), PATH=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == ends_with, done.stderr


def test_dependabot_looks_at_everything_that_is_pinned_once_a_week() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {(each["package-ecosystem"], each["directory"]) for each in updates} == {("pip", "/"), ("npm", "/frontend")}
    for each in updates:
        assert each["schedule"]["interval"] == "weekly"
        assert each["groups"]


def test_the_help_of_make_lists_every_command_and_lines_them_up() -> None:
    text = (ROOT / "Makefile").read_text()
    described = re.findall(r"^([a-z-]+):[^=\n]*## ", text, re.MULTILINE)
    assert {"run", "audit", "sbom"} <= set(described)
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    listed = re.findall(r"^  make ([a-z-]+) +(?=\S)", done.stdout, re.MULTILINE)
    assert listed == described
    columns = {
        len(line) - len(line.split(None, 2)[2]) for line in done.stdout.splitlines() if line.startswith("  make ")
    }
    assert len(columns) == 1
