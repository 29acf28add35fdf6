# make run: the dashboard on the embedded model.   make test: everything that CI runs.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501

.PHONY: install run test check lint browser docs

install: .venv/.installed

.venv/.installed: requirements.txt requirements-ray.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

run: install
	$(BIN)/xsb app --port $(PORT)

# Two processes of one thread each take half the time of one with all threads. Files in their order:
# by their counts of tests, the few long ones of the browser would come last, one process waiting.
test: install lint browser
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# For every edit: what reads the code, and the folders of tests that are quick, but for their slow ones.
check: install lint
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile -q -m "not slow" tests/figures tests/integration tests/syntax tests/tables

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check app.py pages xsb_core tests benchmarks
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright --threads 2

# The browser tests need Chromium: installed where apt-get can be used, else they skip and say so.
browser:
	@command -v chromium >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq chromium fonts-noto-core fonts-noto-color-emoji; } \
	|| echo "No chromium: the browser tests will be skipped."

# The site, in site/. It needs nothing of .venv, and nothing is fetched once its own tools are there.
docs: .venv-docs/.installed
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build

.venv-docs/.installed: requirements-docs.txt
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	touch $@
