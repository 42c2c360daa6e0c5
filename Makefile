# `make` alone lists what one can do.
PYTHON ?= python3.11
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check train lock drill-kill drill-booking drill-desk drill-faults drill-channels bench-understanding bench-messages bench-safety bench-second-reader bench-search bench-turn bench-desk bench-plane bench-stock bench-dates pictures clean dev

help:                ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | awk -F'|' '{printf "  make %-21s%s\n", $$1, $$2}'

setup:               ## set up or bring up to date: packages, sentence encoder, model
	@$(call with-python,setup)

run: setup           ## serve the clinic in ./content on http://localhost:8000 (PORT=8001 for another port)
	@exec $(BIN)/frontdesk run

test: dev            ## run the tests (ARGS="tests/talks -x" for some of them)
	@$(BIN)/python -m pytest $(ARGS)

check: dev           ## what a change must pass: style, types, tests
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(ARGS)

train: setup         ## make the model if anything that it is made of changed; set-up does so too
	@$(BIN)/frontdesk train --if-changed

drill-kill: setup    ## kill the server at random moments over 200 messages: each gets exactly one turn
	@$(BIN)/python -m bench.drill_kill

drill-booking: setup ## after one opening, confirms repeated, kill -9, a full book (half an hour; ARGS="race=5 confirm=100 kill=3 size=5000")
	@$(BIN)/python -m bench.drill_booking $(ARGS)

drill-channels: dev  ## 10,000 messages on all channels, copies and all, through 200 kills and bad providers (an hour; ARGS="1000 20")
	@$(BIN)/python -m bench.drill_channels $(ARGS)

drill-desk: setup    ## 5 colleagues and 200 visitors live at once: who speaks, in which order, how fast (ARGS="staff=2 visitors=20 minutes=1")
	@$(BIN)/python -m bench.drill_desk $(ARGS)

drill-faults: dev    ## plant faults in the safety rules and the gate, one by one: a test notices each (a quarter of an hour)
	@$(BIN)/python -m bench.drill_faults $(ARGS)

bench-understanding: setup  ## how well it understands: on the sets in DATA=folder, else on our own, with a picture
	@$(BIN)/python -m bench.understanding $(DATA)

bench-messages: setup  ## which replies messages get that it was not taught (ARGS=-v lists mistakes in the open sets)
	@$(BIN)/python -m bench.messages $(ARGS)

bench-safety: setup  ## how well danger is heard, in every disguise, and what that costs (ARGS="-v --booking FILE ...")
	@$(BIN)/python -m bench.safety $(ARGS)

bench-second-reader: setup  ## what the second reader of danger hears of messages that it has not seen
	@$(BIN)/python -m bench.second_reader

bench-search: setup  ## how well it finds the passage, on the sets in DATA=folder
	@$(BIN)/python -m bench.search $(DATA)

bench-dates: dev     ## how well a wish for a time is read, beside two libraries (ARGS=-v lists mistakes in the sets that were read)
	@$(BIN)/python -m bench.dates $(ARGS)

bench-turn: setup    ## what a message costs, and on what that depends (ARGS="load parts" for some of it)
	@$(BIN)/python -m bench.turn $(ARGS)

bench-desk: setup    ## what the console costs with 100,000 conversations behind it, and erasing one of them (ARGS="conversations=1000")
	@$(BIN)/python -m bench.desk_size $(ARGS)

bench-plane: dev     ## what the channels carry: posts, turns by workers, the way to the provider, a million stored (ARGS="accept stored=20000")
	@$(BIN)/python -m bench.plane $(ARGS)

bench-stock: setup   ## the same talk through stock Rasa, where a Python 3.10 is present
	@$(BIN)/python -m bench.stock

pictures: dev        ## take the pictures of the docs anew: how replies look, and each page of the desk (needs Chromium)
	@$(BIN)/python -m bench.pictures
	@$(BIN)/python -m bench.desk_pictures

lock:                ## renew the lock files from pyproject.toml and requirements-build.in (needs uv)
	@$(call compile,requirements.lock,pyproject.toml)
	@$(call compile,requirements-dev.lock,pyproject.toml --extra dev)
	@$(call compile,requirements-build.lock,requirements-build.in)

clean:               ## remove what set-up made; the database and the clinic's content stay
	rm -rf .venv .rasa models var/encoder var/cache var/set-up

dev:
	@$(call with-python,setup --dev)

with-python = $(PYTHON) -c "" 2>/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 (with venv), or \
name one that you have: make run PYTHON=python3.12" >&2; exit 1; }; exec $(PYTHON) $(1)

# no index host, no machine's paths: a lock says what, not from where
compile = uv pip compile $(2) --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --quiet --output-file $(1)
