# Everything there is to do with this project, one word each: `make` or `make help` lists it.

PORT ?= 8000
# More words for pytest, for example: make test ARGS="-k opening centres"
ARGS ?=

PYTHON_BIN := .venv/bin/python
MANAGE := $(PYTHON_BIN) manage.py
# What only development has: a site knows nothing of benchmarks and drills.
BENCHMARKS := DJANGO_SETTINGS_MODULE=bctt.settings.benchmarks $(MANAGE)
NODE_MODULES := frontend/node_modules/.package-lock.json

# Installed once, and again only when the pinned packages change.
INSTALLED := .venv/installed
INSTALLED_DEV := .venv/installed-dev

.DEFAULT_GOAL := help
.PHONY: help run serve test check mutants bench drill drill-security guide lock audit sbom format css \
	port check-style check-types check-imports check-migrations check-deploy check-lock check-css check-map

help: ## List these commands
	@echo "Usage: make COMMAND"
	@echo
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "run and serve listen on port 8000; for another: make run PORT=8001"

run: $(INSTALLED) port ## Install what is needed and start the site on this machine, for trying and editing
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) first_run --print-password
	@echo "The site is at http://localhost:$(PORT)/ and its admin at http://localhost:$(PORT)/admin/   Stop it with Ctrl-C."
	@BASE_URL="$${BASE_URL:-http://localhost:$(PORT)}" scripts/with_tick.sh $(MANAGE) runserver 127.0.0.1:$(PORT)

serve: $(INSTALLED) port ## Start the site as production would run it: gunicorn, compressed files, no debugging
	@scripts/serve.sh $(PORT)

# The slowest tests, those in the browser, come one after another: in chunks, one process would have them all.
test: $(INSTALLED_DEV) ## Run all tests (browser tests too, where Chromium is installed)
	@$(PYTHON_BIN) -m pytest --numprocesses auto --maxprocesses 4 --maxschedchunk 1 $(ARGS)

check: check-style check-types check-imports check-migrations check-deploy check-lock check-css check-map ## Run every check that is not a test: style, types, import order, settings…

# With ARGS only what it names, as mutmut names it: make mutants ARGS='core.dates.*'
mutants: $(INSTALLED_DEV) ## Change the rules in one place at a time, and see that a test fails: docs/mutants.md
	@rm -rf mutants
	@env -u DATABASE_URL .venv/bin/mutmut run $(ARGS)
	@$(PYTHON_BIN) scripts/mutation_score.py

# With ARGS it is only the first of two: bench or drill_autosave.
bench: $(INSTALLED_DEV) ## Time pages, and mails to 100,000 followers, on a temporary database full of made-up content
	@$(BENCHMARKS) bench $(ARGS)
	@$(if $(ARGS),,$(BENCHMARKS) bench_mails)

drill: $(INSTALLED_DEV) ## See that no draft is lost when four editors save at once, and no mail when senders are killed
	@$(BENCHMARKS) drill_autosave $(ARGS)
	@$(if $(ARGS),,$(BENCHMARKS) drill_mails)

# On the database of DATABASE_URL, or else on SQLite. The tests do the same with fewer requests.
drill-security: $(INSTALLED_DEV) ## Measure what must hold against somebody who means harm: walls, guessing, uploads, headers…
	@FUZZ_REQUESTS=$${FUZZ_REQUESTS:-10000} $(PYTHON_BIN) -m pytest -q -m security --numprocesses 2 --maxschedchunk 1 $(ARGS)

guide: $(INSTALLED_DEV) ## Take the pictures of the editors' guide again, by doing each task in Chromium
	@GUIDE_IMAGES=docs/editor-guide/images $(PYTHON_BIN) -m pytest -q -m guide bctt/tests/browser/test_editor_tasks.py

lock: $(INSTALLED_DEV) ## Pin the packages of pyproject.toml (the newest ones: make lock UPGRADE=1)
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

audit: $(INSTALLED_DEV) ## Ask whether anything that is pinned has a known fault (needs the internet)
	@scripts/audit.sh

sbom: $(INSTALLED_DEV) ## Write what the site is made of, as CycloneDX, into var/sbom/
	@scripts/sbom.sh var/sbom

format: $(INSTALLED_DEV) ## Put the Python code into the house format
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

css: $(NODE_MODULES) ## Build the styles and the scripts of frontend/ into bctt/static/ (needs Node.js)
	@cd frontend && npm run build

$(INSTALLED): requirements.txt
	@scripts/venv.sh requirements.txt
	@touch $@

# The development packages include those that the site itself needs, at the same versions.
$(INSTALLED_DEV): requirements-dev.txt requirements.txt
	@scripts/venv.sh requirements-dev.txt
	@touch $(INSTALLED) $@

$(NODE_MODULES): frontend/package-lock.json
	@command -v npm >/dev/null || { echo "This needs Node.js 20 or newer with npm: nodejs.org" >&2; exit 1; }
	@cd frontend && npm ci --no-audit --no-fund --loglevel error
	@touch $@

port: $(INSTALLED)
	@$(PYTHON_BIN) scripts/check_port.py "$(PORT)" "make $(firstword $(MAKECMDGOALS))"

check-style: $(INSTALLED_DEV)
	@echo "== Style"
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

check-types: $(INSTALLED_DEV)
	@echo "== Types"
	@.venv/bin/mypy

check-imports: $(INSTALLED_DEV)
	@echo "== Import order"
	@$(PYTHON_BIN) scripts/check_packages.py
	@$(PYTHON_BIN) scripts/check_strings.py
	@$(PYTHON_BIN) scripts/check_shadowing.py
	@.venv/bin/lint-imports --no-cache --no-logo

check-migrations: $(INSTALLED_DEV)
	@echo "== Migrations"
	@$(MANAGE) makemigrations --check --dry-run

# With settings as a public server would have them; the key here protects nothing.
check-deploy: $(INSTALLED_DEV)
	@echo "== Production settings"
	@SECRET_KEY=for-this-check-only-$$($(PYTHON_BIN) -c 'import secrets; print(secrets.token_urlsafe(48))') \
		ALLOWED_HOSTS=www.example.org BASE_URL=https://www.example.org HTTPS_ONLY=true \
		EMAIL_URL=smtp+tls://mail.example.org:587 CLIENT_ADDRESS=HTTP_X_REAL_IP \
		$(MANAGE) check --deploy --fail-level WARNING --settings bctt.settings.production

check-lock: $(INSTALLED_DEV)
	@echo "== Pinned packages"
	@scripts/lock.sh --check

# Whoever has no Node.js can still run the other checks; CI has it.
check-css:
	@echo "== Built styles and script"
	@if command -v npm >/dev/null || [ "$$CI" = true ]; then \
		$(MAKE) --silent --no-print-directory $(NODE_MODULES) && cd frontend && npm run --silent check; \
	else echo "Left out: Node.js is not installed."; fi

check-map: $(INSTALLED_DEV)
	@echo "== Map"
	@$(MANAGE) draw_map --check
