# What a contributor does most, in one word each; `.ci/run` is the whole gate.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install test lint serve bench docs

install: .venv
.venv: pyproject.toml setup.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch .venv

test: .venv
	$(BIN)/python -m pytest --quiet --numprocesses auto --dist loadscope

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	$(BIN)/mypy

serve: .venv
	$(BIN)/bergen-hbt serve

bench: .venv
	$(BIN)/python benchmarks/stages.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/draws.py
	$(BIN)/python benchmarks/web.py
	$(BIN)/python benchmarks/audit.py

docs: .venv
	$(BIN)/python docs/picture.py
	$(BIN)/python docs/performance.py
	$(BIN)/python -m tests.house.picture
