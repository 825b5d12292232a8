# What one does with a checkout. `make help` lists it; .ci/run calls only what stands here.

PYTHON_BIN := .venv/bin
PROCESSES ?= 2

# Nothing phones home, neither in a demo nor in a test.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: help demo check test test-full bench generated catalogs venv system system-test system-full lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: venv system ## the example programme, from idea to handbook, with its PDFs
	@$(PYTHON_BIN)/pilotkit demo

check: venv ## style, types, arrows between the packages, generated files
	$(PYTHON_BIN)/ruff check .
	$(PYTHON_BIN)/ruff format --check .
	$(PYTHON_BIN)/mypy
	$(PYTHON_BIN)/lint-imports
	$(PYTHON_BIN)/pilotkit process diagram --check docs/process.md

test: venv system-test ## the tests, on SQLite and on a PostgreSQL of their own
	$(PYTHON_BIN)/pytest -n $(PROCESSES) -m 'not full' tests

test-full: venv system-full ## the tests that take long
	$(PYTHON_BIN)/pytest -n $(PROCESSES) -m full tests

bench: venv system-test ## the figures of docs/benchmarks.md, measured here
	$(PYTHON_BIN)/python -m benchmarks

generated: venv ## what is drawn from data: the process diagram in the docs
	$(PYTHON_BIN)/pilotkit process diagram --write docs/process.md

catalogs: venv ## collect the messages from code and templates, update every language, compile
	$(PYTHON_BIN)/python -m pilotkit.i18n.extract

# --- Installation -----------------------------------------------------------------------------------------------------

venv: .venv/.installed ## .venv with everything that requirements.lock names

.venv/.installed: requirements.lock pyproject.toml hatch_build.py tools/install.sh
	@tools/install.sh venv

system: ## the libraries that typeset PDFs
	@tools/install.sh system

system-test: ## also the programs that the tests use
	@tools/install.sh system-test

system-full: ## also a browser
	@tools/install.sh system-full

lock: ## resolve pyproject.toml anew into requirements.lock
	@tools/install.sh lock

clean: ## remove what builds and tests leave behind; keeps .venv and data
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov install.log
	find pilotkit flows tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	find pilotkit -name '*.mo' -delete
