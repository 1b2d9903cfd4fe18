# Every target sets up its own private .venv first; a second call installs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SPARK_LOCK := orchestration/spark/requirements.lock
SPARK_INSTALLED := $(VENV)/.installed-spark

export CSP_DATA_DIR ?= $(CURDIR)/data
# Set in many containers; every process would compile Dagster and dbt anew, at seconds each.
unexport PYTHONDONTWRITEBYTECODE
# An index configured for pip (a mirror, say) is the one that uv uses too.
PIP_INDEX = $(shell $(BIN)/python -m pip config get global.index-url 2>/dev/null)
UV_INDEX = $(if $(UV_DEFAULT_INDEX),,$(if $(PIP_INDEX),UV_DEFAULT_INDEX=$(PIP_INDEX)))

# dbt writes only inside the data folder.
DBT_ENVIRONMENT = DBT_PROJECT_DIR=$(CURDIR)/dbt_project DBT_PROFILES_DIR=$(CURDIR)/dbt_project DBT_TARGET_PATH=$(CSP_DATA_DIR)/dbt/target DBT_LOG_PATH=$(CSP_DATA_DIR)/dbt/logs

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark nightly ui test test-unit test-warehouse test-system check lint types imports dbt-parse sql-lint definitions lock-check docs docs-site docs-pictures format lock benchmark benchmark-year benchmark-nation clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(INSTALLED) ## Make .venv with exactly what requirements.lock pins

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Python 3.11 or newer is needed; $(PYTHON) is {v.major}.{v.minor}. Set PYTHON=python3.x")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/^[^ ]/p' requirements.lock | sed '$$d' > $(VENV)/uv.lock.txt
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock.txt
	@$(UV_INDEX) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@$(UV_INDEX) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@$(BIN)/python -m orchestration.dagster_home
	@touch $@

# What the lock of Spark pins depends on nothing but itself and requirements.lock. A new `setup` takes it away, then this puts it back.
setup-spark: $(SPARK_INSTALLED) ## Add PySpark, for CSP_ENGINE=spark (500 MB; needs Java 17)
	@$(BIN)/python -m orchestration.spark.engine

$(SPARK_INSTALLED): $(INSTALLED) $(SPARK_LOCK)
	@$(UV_INDEX) $(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python --requirements $(SPARK_LOCK)
	@touch $@

nightly: setup ## Run a night; puts the samples into an empty landing folder first
	@$(BIN)/csp samples --if-empty
	@$(BIN)/csp nightly

ui: setup ## Open Dagster on this data folder at http://127.0.0.1:3000
	@$(BIN)/csp ui

test: setup ## Every test, the dear ones first
	$(BIN)/python -m pytest

# In memory where the system has it: intake waits for the disk hundreds of times.
test-unit: export TMPDIR := $(or $(wildcard /dev/shm),$(TMPDIR),/tmp)
test-unit: setup ## Tests in seconds: no dbt, no night
	$(BIN)/python -m pytest tests/unit

test-warehouse: setup ## dbt and its models on small data
	$(BIN)/python -m pytest tests/warehouse

test-system: setup ## Real nights on the bundled extracts
	$(BIN)/python -m pytest tests/system

check: setup ## Format, lint, types, which room imports which, dbt parse, code location
	$(MAKE) --no-print-directory -j 2 lint types imports sql-lint definitions lock-check

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports --no-cache --no-logo

dbt-parse: setup
	cd dbt_project && $(DBT_ENVIRONMENT) ../$(BIN)/dbt --quiet --warn-error parse

sql-lint: dbt-parse
	cd dbt_project && $(DBT_ENVIRONMENT) ../$(BIN)/sqlfluff lint --disable-progress-bar models tests

definitions: dbt-parse
	@$(BIN)/python -m orchestration.dagster_home
	$(BIN)/dg check defs

# The lock must pin what pyproject.toml asks for; this resolves nothing anew and needs no index.
lock-check: setup
	$(BIN)/uv pip check --quiet --python $(BIN)/python

format: setup ## Rewrite Python and SQL in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd dbt_project && $(DBT_ENVIRONMENT) ../$(BIN)/sqlfluff fix --disable-progress-bar models tests

docs: setup ## Write docs/catalogue.md and docs/data_dictionary.md anew from the seeds and the marts
	$(BIN)/python -m docs.generate

# From the project alone: the warehouse is not opened, and a night may run.
docs-site: setup ## Write dbt's documentation of every model as one page that opens without a server
	@$(BIN)/python -m orchestration.dbt.site

docs-pictures: setup ## Take docs/images anew from the report of the samples' release in the data folder (needs Chromium)
	$(BIN)/python -m docs.pictures

lock: setup ## Resolve requirements.lock, and what Spark needs beside it, again from pyproject.toml
	$(UV_INDEX) $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra alerts --extra dagster-postgres --extra pdf --extra postgres --upgrade pyproject.toml --output-file requirements.lock
	$(UV_INDEX) $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra spark --constraints requirements.lock $$(sed -n 's/^\([a-zA-Z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock) --upgrade pyproject.toml --output-file $(SPARK_LOCK)

benchmark-year: setup ## Run a year of nights, 52 of them with something new: does the data folder stay small?
	$(BIN)/python benchmarks/year.py

benchmark: setup ## Print what nights, the release and intake cost beside their goals
	$(BIN)/python -m benchmarks.nightly

FORCES ?= 4 12 43
MONTHS ?= 24
benchmark-nation: setup ## Run nights on the crimes of FORCES="4 12 43" forces in MONTHS=24 months: how does each model grow?
	$(BIN)/python -m benchmarks.nation --forces $(FORCES) --months $(MONTHS)

clean: ## Remove the private environment (never the data folder)
	rm -rf $(VENV)
