# Laurel's commands. `make run` and `make test` are all a newcomer needs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
# A folder is up to date when it carries the name of the very requirements it was made from.
READY := $(VENV)/.installed-$(shell sha256sum requirements.txt | cut -c1-16)
READY_DEV := $(VENV)/.installed-$(shell sha256sum requirements-dev.txt | cut -c1-16)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
# What walks or loads the whole application: for `make test`, not for the minute.
WALKS := tests/integrity tests/demo tests/test_every_page.py

.PHONY: help setup setup-dev run check test lint integrity bench translations
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(READY) ## creates .venv and installs what Laurel needs

setup-dev: $(READY_DEV) ## the same, and the tools for tests and checks

$(PY):
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'Python has no venv module here. Install it, then try again: apt-get install python3-venv'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Laurel needs Python 3.11 or newer.'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): | $(PY)
	$(PIP) -r requirements.txt
	@touch $@

$(READY_DEV): | $(PY)
	$(PIP) -r requirements-dev.txt
	@touch $@ $(READY)

run: setup ## starts Laurel on http://localhost:8000 (PORT=… for another port); Ctrl-C ends it
	@exec $(PY) -I -S award_app/run/child.py $$PPID $(PY) -m award_app.run

lint: setup-dev ## style, types and templates
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint award_app/templates --lint --quiet

check: lint ## a minute: style, types, domain and features on SQLite
	$(PY) -m pytest -q -n 2 -m "not served and not browser and not processes" $(WALKS:%=--ignore=%)

test: ## everything, on real servers and in a real browser; installs what it needs
	sh tests/system_packages.sh
	$(MAKE) --no-print-directory lint
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

integrity: setup-dev ## the trust tests at full size; writes var/integrity.json
	$(PY) -m tests.integrity.run

bench: setup-dev ## how fast and how heavy the pages are, beside a bare Flask page; writes var/bench/*.json
	bench/serve --json var/bench/serve.json
	bench/pages --json var/bench/pages.json

translations: setup ## brings the catalogues up to the code, compiles them, lists what is not translated
	$(PY) -m award_app.translations
