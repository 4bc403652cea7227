# Newsdesk's commands; `make` alone lists them. README.md tells the same in plain commands for Windows.
PYTHON ?= python3
TORCH  ?=
EXTRAS ?=
ARGS   ?=
IN     := .venv/bin/python -m

.DEFAULT_GOAL := help
.PHONY: help setup develop run test check format lock ci python

help:
	@echo "make run     start the page on http://127.0.0.1:7860 (sets everything up the first time)"
	@echo "make test    run the tests (ARGS='tests/cli' for some of them)"
	@echo "make setup   only make the environment (EXTRAS=local adds models in-process, TORCH=cuda takes CUDA's torch)"
	@echo "make check   formatting, lint, types, import contracts;  make format mends the first"
	@echo "make lock    compile requirements.lock anew"
	@echo "make ci      all that CI does"

python:
	@command -v $(PYTHON) >/dev/null || { echo "Newsdesk needs Python 3.11 or newer, and there is no $(PYTHON); \
	install one, or name it: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Newsdesk needs Python 3.11 or newer, \
	this is %d.%d; install one and name it: make run PYTHON=python3.12" % tuple(sys.version_info[:2]))'

setup: python
	@$(PYTHON) .ci/bootstrap.py --torch "$(TORCH)" --extras "$(EXTRAS)"

develop: python
	@$(PYTHON) .ci/bootstrap.py --torch "$(TORCH)" --extras "dev,$(EXTRAS)"

run: setup
	@.venv/bin/python app.py $(ARGS)

test: develop
	@$(IN) pytest $(ARGS)

check: develop
	@$(IN) ruff format --check .
	@$(IN) ruff check .
	@$(IN) mypy
	@.venv/bin/lint-imports

format: develop
	@$(IN) ruff format .
	@$(IN) ruff check --fix .

lock: python
	@$(PYTHON) .ci/bootstrap.py --torch "$(TORCH)" --lock

ci:
	@bash .ci/run
