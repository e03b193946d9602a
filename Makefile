# Everything here sets itself up: a fresh clone needs only Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHALLENGES := $(patsubst %/challenge.toml,%,$(wildcard challenges/*/challenge.toml))

# pytest on two cores; the tests of a file stay in one process. A process that a test ends is not
# replaced: the next would get the same test, again and again.
ON_TWO_CORES := --numprocesses 2 --dist loadfile --max-worker-restart 0

# Folders whose `checks` are a package of their own.
CHECKED := $(CHALLENGES) $(patsubst %/challenge.toml,%,$(wildcard tests/scenarios/_*/*/challenge.toml))
SAMPLE := 40
# Of the commit, so that the run of a commit can be repeated as it was.
SEED := $(shell printf '%d' "0x$$(git rev-parse --short=5 HEAD 2>/dev/null || echo 1)")

.PHONY: setup demo test test-all lint types unit slow sample validate prove-stages prove-tasks calibrate bench docs dist coverage clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml src/worksample/__init__.py
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found; install Python 3.11 or newer, or say make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than 3.11; say make PYTHON=python3.12 (or another)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "make: $(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --editable '.[go,node]' --group dev
	@touch $@

demo: setup
	@$(BIN)/worksample check examples/conduit-junior --demo --budget 25s

# For every change: under 10 minutes on 2 quiet cores.
test: lint types unit

# The slow rest; nothing of `make test` is repeated.
test-all: docs slow sample

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The checks of a challenge are a package of their own, called `checks` in every challenge; the
# modules of bench/ import each other by name; every around.py of a scenario is a module `around`.
# Learners' code (servers of scenarios, of tests/support/apps and of tests/stages) is not checked.
types: setup
	$(BIN)/mypy
	MYPYPATH=bench $(BIN)/mypy --explicit-package-bases tests \
		--exclude '^tests/(support/apps|stages/grown)/' --exclude '^tests/scenarios/(?!_harness/)[^/]*/'
	MYPYPATH=src:bench $(BIN)/mypy bench/*.py
	$(BIN)/mypy docs/hooks/*.py packages/answers/hatch_build.py
	@set -e; for each in tests/scenarios/*/around.py; do \
		$(BIN)/mypy --no-error-summary $$each; \
	done
	@set -e; for folder in $(CHECKED); do \
		echo "mypy --strict checks (in $$folder)"; \
		(cd $$folder && "$(CURDIR)/$(BIN)/mypy" --strict --cache-dir "$(CURDIR)/.mypy_cache/$$folder" checks); \
	done

unit: setup
	$(BIN)/pytest -m "not slow" $(ON_TWO_CORES)

# Those marked `alone` run last, one at a time: nothing else is computed while they measure.
slow: setup
	@failed=0; export STAGES_SEED=$(SEED); \
	$(BIN)/pytest -m "slow and not alone" --durations 15 $(ON_TWO_CORES) || failed=1; \
	$(BIN)/pytest -m "slow and alone" --durations 25 || failed=1; \
	exit $$failed

# The references whole, and some mutants, chosen by the seed that is printed.
sample: setup
	@set -e; for folder in $(CHALLENGES); do \
		name=$$(basename $$folder); \
		$(BIN)/worksample calibrate $$name --sample $(SAMPLE) --seed $(SEED) --out calibration/$$name-sample.json; \
	done

# References and small servers that end after a stage pass it; the mutants of the stage die there.
prove-stages: setup
	$(BIN)/python -m tests.stages

# Goes on where the last call stopped (`.prove-tasks`); CI proves one task of each kind and stack.
prove-tasks: setup
	VARIATIONS=all $(BIN)/pytest -m slow tests/unit/tasks
	$(BIN)/python -m tests.tasks

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
	$(BIN)/python bench/learner_tests.py --json bench/out/learner-tests.json
	$(BIN)/python bench/wire.py
	$(BIN)/python bench/wire_mysql.py
	$(BIN)/python bench/performance.py --json bench/out/performance.json
	$(BIN)/python bench/detection.py --sample 6 --runs 5 --questions 50 --bursts 2 --seconds 30 --anew --json bench/out/few-detected.json
	$(BIN)/python bench/realism.py --json bench/out/realism.json
	$(BIN)/python bench/load.py --json bench/out/load.json
	$(BIN)/python bench/second_start.py --json bench/out/second-start.json
	$(BIN)/python bench/acceptance.py --runs 2 --json bench/out/acceptance.json

# The site in site/, from the same Markdown; a link that leads nowhere is an error.
docs: setup
	@$(BIN)/mkdocs --version >/dev/null 2>&1 || $(BIN)/pip install --quiet --group docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Both distributions in dist/: worksample, and worksample-answers with solutions and mutants.
dist: setup
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python -m build --no-isolation --outdir dist packages/answers

# Which branches of src/ the tests of `make test` reach, in processes that they start too.
coverage: setup
	rm -rf .coverage && mkdir .coverage
	$(BIN)/coverage run -m pytest -m "not slow" $(ON_TWO_CORES)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage html --quiet --directory .coverage/html

clean:
	rm -rf $(VENV) site dist .coverage
