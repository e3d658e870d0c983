# Two commands on a fresh machine: `make demo` and `make test`. Each sets up .venv first, and only when it has to.

PYTHON  ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
             $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV    := .venv
BIN     := $(VENV)/bin
APT     := $(if $(filter 0,$(shell id -u)),,sudo )env DEBIAN_FRONTEND=noninteractive apt-get
PYTEST  := $(if $(filter 0,$(BROWSER)),-m "not browser",)

.DEFAULT_GOAL := help
.PHONY: help demo test check check-all bench train lint format chromium clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: $(VENV)/.run         ## watch an example site change, from the first look to the reports
	@$(BIN)/claimwatch demo

test: $(VENV)/.dev chromium lint   ## every check and every test, with a real browser
	$(BIN)/pytest --numprocesses=auto --dist=loadfile $(PYTEST)

check: test      ## the same: ruff, mypy --strict, the import ladder and all tests

lint: $(VENV)/.dev         ## ruff and mypy --strict
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

train: $(VENV)/.dev        ## learn the reader's weights from bench/sentences, and score vendors kept aside
	PYTHONPATH=bench $(BIN)/python bench/train.py

bench: $(VENV)/.dev        ## measure speed beside other programs, into bench/RESULTS.md (keep the machine idle)
	$(BIN)/python bench/all.py

check-all: test            ## every check, and the lexicon phrase by phrase (some minutes)
	PYTHONPATH=bench $(BIN)/python bench/blanking.py --check

format: $(VENV)/.dev       ## write the code as ruff would
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The tests look at reports in Debian's chromium. BROWSER=0 leaves those tests out.
chromium:
ifneq ($(BROWSER),0)
	@command -v chromium >/dev/null || { echo "chromium is missing: installing it for the browser tests"; \
	  $(APT) -qq update && $(APT) -qq install -y --no-install-recommends chromium; } || { \
	  echo "chromium could not be installed. Install the package 'chromium' as root, or run: make test BROWSER=0" >&2; exit 1; }
endif

# Debian keeps venv in a package of its own (python3-venv).
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(APT) -qq update && $(APT) -qq install -y python3-venv; } || { \
	  echo "Python's venv module is missing and could not be installed. Install the package 'python3-venv' as root" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run

clean:           ## remove .venv and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
