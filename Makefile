# Every command sets up what it needs; a stamp file tells what is already done.
PYTHON ?= python3
PY = .venv/bin/python
STAMP = .venv/.installed
# The model is small: threads of BLAS would only get in one another's way, and cost memory.
export OPENBLAS_NUM_THREADS = 1

.PHONY: run chat test check bench crash-test rasa-check lock clean

run: $(STAMP)
	@$(PY) -m bot run

chat: $(STAMP)
	@$(PY) -m bot chat

test: $(STAMP)
	$(PY) -m nlu train
	$(PY) -m pytest

check: $(STAMP)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m nlu lint
	$(MAKE) test

bench: $(STAMP)
	$(PY) -m bench

# Two processes deliver to 10,000 people while one after another is killed; about three minutes, one line of JSON a kind.
crash-test: $(STAMP)
	$(PY) -m tests.whole.crash

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "Installing (once, about a minute)..."
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $(STAMP)

# The yardstick: Rasa in an environment of its own, never in ours.
PYTHON310 ?= $(shell for p in python3.10 $$HOME/.pyenv/versions/3.10.*/bin/python; do $$p -c pass 2>/dev/null && echo $$p && break; done)
RASA_STAMP = .venv-rasa/.installed

rasa-check: $(STAMP)
ifeq ($(PYTHON310),)
	@echo "rasa-check skipped: no Python 3.10 found (Rasa 3.6 needs it)"
else
	@$(MAKE) $(RASA_STAMP)
	.ci/rasa-check
endif

$(RASA_STAMP): bench/rasa-requirements.txt
	@echo "Installing Rasa (once, about two minutes, 2.7 GB)..."
	@$(PYTHON310) -m venv .venv-rasa
	@.venv-rasa/bin/python -m pip install -qq --disable-pip-version-check -r bench/rasa-requirements.txt
	@touch $(RASA_STAMP)

# Exact versions with hashes; written without any index address.
lock: $(STAMP)
	$(PY) -m piptools compile --quiet --all-extras --generate-hashes --allow-unsafe --strip-extras \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .venv-rasa .mypy_cache .ruff_cache .pytest_cache models .rasa
	@echo "Left in place: var/ (the database and the trained model)"
