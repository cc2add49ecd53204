# Two commands do everything, set-up included: `make demo` and `make test`.
PYTHON ?= python3
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JUDGES := .judges/.ready

.PHONY: demo test check format build host bench explore clean

demo: $(READY)
	$(BIN)/flowbridge demo $(if $(KEEP),--keep)

test: $(READY) $(JUDGES)
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(READY)
	$(BIN)/flowbridge build spec/data_processing.yaml

host: $(READY)
	$(BIN)/flowbridge host spec/data_processing.yaml

explore: $(READY)
	FLOWBRIDGE_EXPLORE=$(or $(N),20000) $(BIN)/python -m pytest tests/behaviour/explore $(ARGS)

bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .flowbridge .judges

# The environment is made anew when what it is made of changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Flowbridge needs Python 3.11 to 3.13, this is %d.%d; name another with make PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# The connector's public judges, for the tests alone; one that cannot be had is told of and done without.
$(JUDGES): tests/judges/install.py tests/judges/paconn.txt tests/judges/schemathesis.txt $(wildcard tests/judges/npm/*.json) | $(READY)
	@$(BIN)/python tests/judges/install.py
	@touch $(JUDGES)
