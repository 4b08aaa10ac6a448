# Everything a person types. Set-up happens by itself, into .venv, when a command needs it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
CORPUS ?=
SWEEPS ?= tests
BENCH ?=

.PHONY: help demo test slow crawl serve lint types bench setup pywb clean
help:
	@echo "make demo    crawl two replica portals on this machine into archive.db"
	@echo "make serve   read archive.db in Datasette at http://127.0.0.1:8001"
	@echo "make crawl   crawl every portal that is due (set KHUYEN_HOC_CONTACT first)"
	@echo "make test    the tests     make lint    style and types     make bench   costs"

setup: $(READY)
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x "$(BIN)/python" || $(PYTHON) -m venv "$(VENV)" || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "setting up $(VENV) …"
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch "$(READY)"

# A real web archive for the tests of backfill and giveback, in a venv of its own.
pywb: .venv-pywb/ready
.venv-pywb/ready: tests/backfill/requirements.txt
	@test -x .venv-pywb/bin/python || $(PYTHON) -m venv .venv-pywb
	@.venv-pywb/bin/python -m pip install --quiet --disable-pip-version-check -r tests/backfill/requirements.txt
	@touch .venv-pywb/ready

demo: $(READY)
	@"$(BIN)/python" -m tests.replica.demo

serve: $(READY)
	@test -f archive.db || { echo "There is no archive.db yet: make demo, or make crawl."; exit 1; }
	@"$(BIN)/datasette" archive.db -m datasette_metadata.json --setting suggest_facets off --setting sql_time_limit_ms 3000

crawl: $(READY)
	@"$(BIN)/scrapy" crawlall

test: $(READY)
	@"$(BIN)/python" -m pytest -q -n 2 --dist loadfile -m "not slow" $(if $(CORPUS),--corpus "$(CORPUS)") tests

slow: $(READY)
	@"$(BIN)/python" -m pytest -q -n 2 --dist loadfile -m slow $(if $(CORPUS),--corpus "$(CORPUS)") $(SWEEPS)

lint: $(READY)
	@"$(BIN)/ruff" check . && "$(BIN)/ruff" format --check . && "$(BIN)/mypy"

bench: $(READY)
	@"$(BIN)/python" -m benchmarks $(BENCH)

clean:
	rm -rf "$(VENV)" .venv-pywb .venv-bench
