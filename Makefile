# All that a person does with this checkout, one line each; the rest of the line after ## is what `make help` shows.
# Needed: make and Python 3.11 or newer. Another interpreter: make PYTHON=python3.12 test

PYTHON ?= python3
ARGS ?=
DIST ?= dist
OAI_INGEST_FUZZ_SECONDS ?= 3600
BIN = .venv/bin
# One process a core, four at most: each has a PostgreSQL server of its own.
PYTEST = $(BIN)/pytest -n logical --maxprocesses 4 --dist loadgroup $(ARGS)
LOCK = uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml

.DEFAULT_GOAL = help
.PHONY: help setup demo test test-browser test-all fuzz lint format lock wheel score bench benchmark-normalise clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv with the locked packages; every target that needs it does so by itself
	@$(PYTHON) tools/setup.py

demo: setup ## Harvest the bundled repository into a SQLite file and show what came out
	@$(BIN)/oai-ingest demo

test: setup ## Run all tests on SQLite and a real PostgreSQL; a selection: make test ARGS="-k token"
	@$(PYTEST)

test-browser: setup ## Open the dashboard in Debian's Chromium while workers harvest, and read what it says
	@$(BIN)/pytest tests/browser $(ARGS)

test-all: setup ## Run the long tests too, then the database tests again on the newest PostgreSQL
	@OAI_INGEST_TEST_LONG=1 $(PYTEST) && OAI_INGEST_TEST_POSTGRESQL_FROM=wheel $(PYTEST) -k postgresql

fuzz: setup ## Feed mutated pages to the page parser for an hour, or for OAI_INGEST_FUZZ_SECONDS=...
	@$(BIN)/python tests/fuzz/long_run.py $(OAI_INGEST_FUZZ_SECONDS)

lint: setup ## Check style, format, types and the import contract
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports

format: setup ## Put imports and lines in order
	@$(BIN)/ruff check --select I --fix && $(BIN)/ruff format

lock: ## Lock the packages anew, with hashes and without any address (needs uv)
	@$(LOCK) -o requirements/run.txt && $(LOCK) --extra dashboard -c requirements/run.txt -o requirements/dashboard.txt && $(LOCK) --extra dashboard --extra parquet --extra dev -c requirements/dashboard.txt -o requirements/dev.txt

wheel: setup ## Build the wheel into dist/
	@$(BIN)/hatchling build --target wheel --directory $(DIST)

score: setup ## Score the normalisers on the labelled cases, and on other labels: make score ARGS="FOLDER --show 20"
	@$(BIN)/python tools/score.py $(ARGS)

bench: setup ## Measure all rows of docs/performance.md and write it anew; some of it: make bench ARGS="--rows 1,2"
	@$(BIN)/python -m benchmarks $(ARGS)

benchmark-normalise: setup ## Print what the normalisers cost a record, on repeated and on new values, and at worst
	@$(BIN)/python -m benchmarks.normalise $(ARGS)

clean: ## Remove everything that these targets made
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache oai-ingest-demo.db* && find . -name __pycache__ -prune -exec rm -rf {} +
