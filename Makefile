# Two commands do everything: `make demo` and `make test`. Only Python 3.11+, make and git are needed.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv --system-certs
READY := .venv/.ready

.PHONY: demo test test-all test-postgres setup lint bench docs serve lock clean
.DEFAULT_GOAL := demo

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements/dev.txt)"
	VIRTUAL_ENV=.venv $(UV) pip install --quiet -r requirements/dev.txt
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --editable .
	touch $(READY)

demo: setup
	@rm -rf examples/chongqing/out
	@$(BIN)/renvand run examples/chongqing || test $$? -eq 1

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

test-all: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-postgres: setup
	RENVAND_TEST_POSTGRES=$(RENVAND_TEST_POSTGRES) $(BIN)/python -m pytest -n 2 --dist loadfile \
	  tests/web tests/unit/partnership tests/law/partnership -m "not slow"
	RENVAND_TEST_POSTGRES=$(RENVAND_TEST_POSTGRES) $(BIN)/python -m pytest tests/web/runs -m slow

lint: setup
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/pyright

bench: setup
	VIRTUAL_ENV=.venv $(UV) pip install --quiet $$(sed -n 's/^peers = \[\(.*\)\]/\1/p' pyproject.toml | tr -d '",') || true
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python scripts/reference.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

serve: setup
	$(BIN)/renvand serve examples/chongqing

lock: setup
	$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-header --no-annotate \
	  pyproject.toml --group dev -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-header --no-annotate \
	  pyproject.toml -c requirements/dev.txt -o requirements/run.txt
	$(BIN)/python scripts/licences.py

clean:
	rm -rf .venv build dist site examples/*/out
