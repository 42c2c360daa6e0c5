# `make` alone lists what one can do.
PYTHON ?= python3.11
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check lock train drill-kill bench-turn bench-understanding bench-search bench-stock clean

help:                ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ /' | sort | awk '{n=$$1; $$1=""; printf "  make %-22s%s\n", n, $$0}'

setup: python        ## install, export the encoder, train: only what changed
	@$(PYTHON) bin/setup.py

run: setup           ## serve the sample clinic on http://localhost:8000
	@exec $(VENV)/frontdesk run

test: python         ## run the tests
	@$(PYTHON) bin/setup.py --dev
	@$(VENV)/python -m pytest $(ARGS)

check: test          ## tests, then style and types: what a change must pass
	@$(VENV)/ruff check .
	@$(VENV)/mypy

train: setup         ## train the model if anything it is made of changed
	@$(VENV)/frontdesk train --if-changed

drill-kill: setup    ## kill -9 at random moments over 200 messages: exactly one turn each
	@$(VENV)/python -m bench.drill_kill

bench-turn: setup    ## what a message costs, by part
	@$(VENV)/python -m bench.turn

bench-understanding: setup  ## intents: on public sets with DATA=folder, else on our own, with a picture
	@$(VENV)/python -m bench.understanding $(DATA)

bench-search: setup  ## search on public sets in DATA=folder
	@$(VENV)/python -m bench.search $(DATA)

bench-stock: setup   ## the same talk through stock Rasa, where there is a Python 3.10
	@$(VENV)/python -m bench.stock

lock:                ## renew the lock files (needs uv)
	@for part in "requirements" "requirements-dev --extra dev" "requirements-build"; do set -- $$part; name=$$1; shift; \
	  source=pyproject.toml; [ $$name = requirements-build ] && source=requirements-build.in; \
	  uv pip compile $$source $$@ --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url -q -o $$name.lock; done

clean:               ## remove what set-up and runs made (the database too)
	rm -rf .venv var models .rasa

python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed. Install Python 3.11 (with venv), or: make run PYTHON=python3.12"; exit 1; }
.PHONY: python
