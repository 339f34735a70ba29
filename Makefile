# Modicum: what a person does with this folder. `make run` is all a new user needs.
# Nothing has to be installed first but Python 3.11 or later; uv is fetched where it is missing.

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
SHELL := /bin/sh

BUNDLED := src/modicum/example/diary.csv
DIARY ?= $(BUNDLED)
OPTIONS ?= --protocol ldn-smallest-dose
OUT ?= out
PORT ?= 8000
ROWS ?=
PYTEST_ARGS ?=

VENV := .venv
PYTHON := $(VENV)/bin/python
MODICUM := $(VENV)/bin/modicum
BENCH_STAMP := $(VENV)/.modicum-bench
RUN_STAMP := $(VENV)/.modicum-run
DEV_STAMP := $(VENV)/.modicum-dev
LOCK := uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11

# A Python that is new enough, and uv: from PATH, else from a private environment of its own.
BASE_PYTHON := $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(if $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name),)))
NO_PYTHON := Modicum needs Python 3.11 or later, and found none on PATH.
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)

# Open a page where there is a screen; the command itself has said where the page is.
open_page = if [ "$$(uname)" = Darwin ]; then open $(1); \
	elif [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xdg-open >/dev/null; then xdg-open $(1) >/dev/null 2>&1 & fi

.PHONY: run example test verify check bench docs lock clean

# The main job: an example clinic with virtual patients, in a browser. With CHECK=1 nothing is opened, but all is checked.
run: $(RUN_STAMP)
	@mkdir -p $(OUT)
ifdef CHECK
	@$(PYTHON) .ci/check_demo.py $(OUT)/demo-check
else
	@$(MODICUM) demo --data $(OUT)/demo --port $(PORT) $(if $(DISPLAY)$(WAYLAND_DISPLAY),--open)
endif

# A diary to an answer and a report: the bundled one, or DIARY=... with OPTIONS="...".
example: $(RUN_STAMP)
	@mkdir -p $(OUT)
ifdef CHECK
	@$(MODICUM) analyse "$(DIARY)" $(OPTIONS) --report $(OUT)/report.html --json > $(OUT)/result.json
	@$(PYTHON) .ci/check_run.py $(OUT)/result.json $(OUT)/report.html
else
	@$(MODICUM) analyse "$(DIARY)" $(OPTIONS) --report $(OUT)/report.html
	@$(call open_page,$(OUT)/report.html)
endif

test: $(DEV_STAMP)
	@PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(PYTHON) -m pytest -n 3 --dist worksteal $(PYTEST_ARGS)

verify: $(DEV_STAMP)
	@$(PYTHON) tests/verify.py $(if $(ROWS),--rows $(ROWS))

check: $(DEV_STAMP)
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/pyright
	@$(VENV)/bin/lint-imports
	@$(PYTHON) .ci/audit.py requirements/run.txt

bench: $(BENCH_STAMP)
	@$(PYTHON) benchmarks/run.py

docs: $(DEV_STAMP)
	@$(PYTHON) docs/errors.py
	@$(PYTHON) docs/pharmacology.py
	@$(PYTHON) docs/clinicians.py
	@$(PYTHON) docs/screenshots.py
	@$(PYTHON) docs/diary_screens.py
	@$(PYTHON) docs/clinic_screens.py
	@$(PYTHON) -m pytest -q tests/docs

lock: | $(UV)
	$(subst uv pip,$(UV) pip,$(LOCK)) --group build --output-file requirements/run.txt
	$(subst uv pip,$(UV) pip,$(LOCK)) --group build --group test --group oracle --group quality --output-file requirements/dev.txt
	$(subst uv pip,$(UV) pip,$(LOCK)) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean:
	rm -rf $(OUT) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The environment for running is a part of that for developing, so that either target may come first.
$(DEV_STAMP): requirements/dev.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing what tests and checks need (once) ..."
	@VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(PYTHON) -m compileall -q src
	@touch $(RUN_STAMP) $@

$(BENCH_STAMP): requirements/bench.txt $(DEV_STAMP)
	@echo "Installing the peers to measure against (once) ..."
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode --require-hashes --requirement requirements/bench.txt
	@touch $@

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing what Modicum needs (once) ..."
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode --require-hashes --requirement requirements/run.txt
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(PYTHON) -m compileall -q src
	@touch $@

$(VENV)/pyvenv.cfg: | $(UV)
	@test -n "$(BASE_PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(UV) venv --quiet --python $(BASE_PYTHON) $(VENV)

# Only reached where uv is not on PATH. A private environment, since many systems close their own Python to pip.
.uv/bin/uv:
	@test -n "$(BASE_PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(BASE_PYTHON) -m venv .uv || { echo "This Python cannot make an environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; rm -rf .uv; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv
