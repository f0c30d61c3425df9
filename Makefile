# Chengshu. `make` lists what can be made. Needs Python 3.11 or newer; everything else is installed into .venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run fast plain test check soak deploy stop notify bench clean pins

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
export CHENGSHU_ROOT := $(CURDIR)
export CHENGSHU_HOME ?= $(CURDIR)/data
export CHENGSHU_INBOX ?= $(CURDIR)/seeds
# Prefect keeps to this folder and calls nobody.
export PREFECT_HOME ?= $(CURDIR)/.prefect
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export PYTHONUTF8 := 1
PORT ?= 4200
API := http://127.0.0.1:$(PORT)/api

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the pinned packages

$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "no virtual environment could be made (on Debian: apt-get install python3-venv)"; exit 1; }
	@echo "installing the pinned packages into .venv (a few minutes the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $(STAMP)

run: $(STAMP) ## read seeds/ with the Prefect flow, publish, show a trend and the report
	@PREFECT_LOGGING_LEVEL=WARNING $(BIN)/chengshu ingest --flow "$(CHENGSHU_INBOX)"
	@echo
	@$(BIN)/chengshu trend 地区生产总值
	@echo
	@$(BIN)/chengshu report
	@echo "仓库：$(CHENGSHU_HOME)　查询：$(BIN)/chengshu sql \"from city_facts limit 5\""
	@if [ "$(CHENGSHU_INBOX)" = "$(CURDIR)/seeds" ]; then echo "以上是示例数据，数字都是虚构的，见 seeds/README.md"; fi

fast: $(STAMP) ## compile the parser, which then reads twice as fast (needs a C compiler, takes a few minutes)
	@rm -f parsers/*.so parsers/*.pyd
	@mkdir -p build && echo "compiling what reads the figures (two minutes or more)"
	@CHENGSHU_COMPILE=1 $(BIN)/python setup.py -q build_ext --inplace --build-temp build/compiled > build/compile.log 2>&1 || \
		{ tail -n 20 build/compile.log; echo "not compiled: the parser runs from its sources as before"; exit 1; }
	@$(BIN)/chengshu --version

plain: ## let the parser run from its sources again
	@rm -rf parsers/*.so parsers/*.pyd build

check: $(STAMP) ## lint, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

test: check ## the checks and all tests
	@$(BIN)/python -m pytest

soak: $(STAMP) ## long runs: kills, restarts, a simulated week of schedules
	@$(BIN)/python -m pytest -m soak

bench: $(STAMP) ## measure against other libraries: make bench BENCH="PAGES_DIR --labels LABELS.json"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check "pip>=26" # older ones stumble over lxml's extras
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[bench]"
	@nice $(BIN)/python -m bench.extraction $(BENCH)

deploy: $(STAMP) ## start server, pool and worker on this machine and apply prefect.yaml
	@API=$(API) PORT=$(PORT) sh flows/deploy.sh start

stop: ## end what `make deploy` started
	@API=$(API) PORT=$(PORT) sh flows/deploy.sh stop

notify: $(STAMP) ## let the server tell a web hook what goes wrong: make notify URL=https://…
	@PREFECT_API_URL=$(API) $(BIN)/python -m flows.automations "$(URL)"

pins: $(STAMP) ## write constraints.txt from what is installed
	@$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: stop ## remove the warehouse in ./data, caches and build products; .venv stays
	@rm -rf data build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .prefect
