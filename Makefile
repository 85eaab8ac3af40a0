# Everything runs in .venv, made from requirements.lock. Only Python ≥ 3.11 and make must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help install lint format schemas lock demo test test-unit test-all clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

install: $(VENV)/.done ## Make the environment (once)

$(VENV)/.done: requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) (about two minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lint: install ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: install ## Generate schemas/*.schema.json from the models
	$(BIN)/python -m ai_data_engineer.schemas

demo: install ## Run the Prefect flow on a shipped example, without any key
	@$(BIN)/python -m examples.demo

test: install ## Everything but what is slow, within ten minutes
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow"

test-unit: install ## No server, within a minute
	$(BIN)/pytest -n 2 -m "not server and not slow"

test-all: install ## Everything
	$(BIN)/pytest -n 2 --dist loadgroup

lock: install ## Resolve requirements.lock anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --extra duckdb --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --upgrade --output-file requirements.lock

clean: ## Remove the environment and what was built
	rm -rf $(VENV) build dist .demo
