# make demo    build the glossary of seeds/ and show it
# make test    every check and test
# make train   the shipped weights and tables again, from ../shared/corpora
# make bench   quality and speed on gold sets (slow)
# make locale  the committed locale/*/LC_MESSAGES/glossary.po again, from seeds/
# make clean   remove everything that was built
#
# Needs python3 (3.11 to 3.13) and make. Another Python: make test PYTHON=python3.12

PYTHON ?= python3
CORPORA ?= ../shared/corpora
WORKERS ?= 2
BIN := .venv/bin
STAMP := .venv/installed.stamp

# Without bytecode on disk each worker of pytest compiles everything again, for three seconds, and each process of a test too
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint train bench locale clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# make/make/p' Makefile

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
	  echo "$(PYTHON) is missing or not Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module; install it (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Installing into .venv: about 700 MB, one to three minutes ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input -e '.[dev]'
	@touch $@

demo: $(STAMP)
	@mkdir -p out
	$(BIN)/glossary build seeds --store out/demo.db --po-dir out/locale
	@echo
	@echo "Look a term up:      $(BIN)/glossary lookup 區塊鏈 --store out/demo.db"
	@echo "Browse the glossary: $(BIN)/glossary serve --store out/demo.db     then open http://127.0.0.1:8000/"
	@echo "Your own two files:  $(BIN)/glossary build article.en.txt article.zh-Hant.txt --store my.db"

test: lint
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers $(WORKERS)
	$(BIN)/lint-imports

train: $(STAMP)
	$(BIN)/python -m glossary.alignment.training $(CORPORA)/alignment
	$(BIN)/python -m glossary.terms.training $(CORPORA)/terms tests/cases/terms/pages

bench: $(STAMP)
	$(BIN)/pytest -q -s tests/bench

locale: $(STAMP)
	@mkdir -p out
	@rm -f out/locale.db*
	$(BIN)/glossary build seeds --store out/locale.db --po-dir locale

clean:
	rm -rf .venv out build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find glossary web tests -name __pycache__ -type d -prune -exec rm -rf {} +
