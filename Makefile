# Everything here sets itself up: a fresh clone needs only Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHALLENGES := $(patsubst %/challenge.toml,%,$(wildcard challenges/*/challenge.toml))

.PHONY: setup demo test lint types unit validate calibrate bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found; install Python 3.11 or newer, or say make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than 3.11; say make PYTHON=python3.12 (or another)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "make: $(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --editable '.[node]' --group dev
	@touch $@

demo: setup
	@$(BIN)/worksample check examples/conduit-junior --demo

test: lint types unit

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The checks of a challenge are a package of their own, called `checks` in every challenge.
types: setup
	$(BIN)/mypy
	@set -e; for folder in $(CHALLENGES); do \
		echo "mypy --strict checks (in $$folder)"; \
		(cd $$folder && "$(CURDIR)/$(BIN)/mypy" --strict --cache-dir "$(CURDIR)/.mypy_cache/$$folder" checks); \
	done

unit: setup
	$(BIN)/pytest

validate: setup
	$(BIN)/worksample catalogue validate

# References whole, mutants by the checks that they name; `--whole` and `--repeat N` go further.
calibrate: setup
	@set -e; for folder in $(CHALLENGES); do $(BIN)/worksample calibrate $$(basename $$folder); done

bench: setup
	$(BIN)/pip install --quiet --group bench
	@mkdir -p bench/out
	$(BIN)/python bench/client.py --json bench/out/client.json
	$(BIN)/python bench/check.py --json bench/out/check.json
	$(BIN)/python bench/wire.py
	$(BIN)/python bench/performance.py --json bench/out/performance.json
	$(BIN)/python bench/detection.py --sample 6 --runs 5 --bursts 2 --seconds 30 --anew --json bench/out/few-detected.json

clean:
	rm -rf $(VENV)
