# The words people and CI share. AEIP_HOST, AEIP_PORT and the other AEIP_ variables are read by the application itself.
PYTHON ?= python3
BIN := .venv/bin
APP := .venv/.app
TESTS := .venv/.tests
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet
WARM := $(BIN)/python -m grid_models.warm_up # compiled once here, so that no first answer waits for it
PYTEST := $(BIN)/pytest -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help run test test-all lint bench peers eval mutate clean chromium

help: ## show these words
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(APP) ## install once, then serve chat and approvals on http://127.0.0.1:8000
	@$(BIN)/aeip chat

test: $(TESTS) ## the fast tests
	@$(PYTEST) -m "not slow and not browser and not postgres"

test-all: $(TESTS) chromium ## every test; PostgreSQL's where AEIP_TEST_POSTGRES_URL names a server
	@$(PYTEST)

lint: $(TESTS) ## style, types and layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

eval: $(APP) ## the scripted scenarios
	@$(BIN)/aeip eval

bench: $(APP) ## the timings
	@$(BIN)/aeip bench

peers: $(APP) ## install pypowsybl and power-grid-model, which `make bench` then compares with too
	@$(PIP) -e '.[bench]'

mutate: $(TESTS) ## break the code on purpose; each break must fail a test
	@$(BIN)/python -m evals.mutate

clean: ## remove the environment and the caches; the data folder stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed once: the stamps are newer than what they were made from until one of the two files changes.
$(APP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the application into .venv: about two minutes, once."
	@$(PIP) -e .
	@$(WARM)
	@touch $@

$(TESTS): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the application and its test tools into .venv: about two minutes, once."
	@$(PIP) -e '.[test]'
	@$(WARM)
	@touch $(APP) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "AEIP needs Python 3.11 or newer and '$(PYTHON)' is not one; name another: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "'$(PYTHON)' cannot make a virtual environment; on Debian install it once: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

chromium:
	@command -v chromium >/dev/null || .ci/apt chromium || \
	    { echo "The browser test needs Chromium and it could not be installed from here; once, as root: apt-get install chromium"; exit 1; }
