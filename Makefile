# make demo    run the H->4l example on the committed sample
# make test    the test suite
# make lint    style; `make types` for static types
# make clean   remove what these commands made
#
# Each target sets up .venv by itself, with the first Python from 3.11 to 3.14 that it finds;
# `make PYTHON=/path/to/python ...` names another one.

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c '$(SUITABLE)' 2>/dev/null && { echo $$p; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO := demo_output

# Tests start many processes, and each would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint types clean

demo: $(VENV)/.installed
	$(BIN)/hepsel run examples/h4l/h4l.hepsel examples/h4l/h4l_sample.root \
		--format physlite --out $(DEMO)
	$(BIN)/histoprint --nosummary --title "m_4l" --field signal/m4l $(DEMO)/histograms.root
	@echo "Pictures:" $(DEMO)/*.png

test: $(VENV)/.installed-dev
	$(BIN)/python tests/fetch_data.py || echo "Tests on fetched files will be skipped." >&2
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "hepsel needs Python 3.11, 3.12, 3.13 or 3.14." >&2; exit 1; }
	@$(PYTHON) -c '$(SUITABLE)' || { echo "$(PYTHON) is not Python 3.11 to 3.14." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@

# Tests import a part of all modules: each is compiled when it is.
$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --no-compile --editable '.[test,dev]'
	@touch $(VENV)/.installed $@
