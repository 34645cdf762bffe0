# Udvalgsrum. Everything that is typed, in one place; the work is done in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test test-postgres check format messages diagrams clean
PORT ?= 8000
WORKERS ?= 2
export PORT

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## Prepare .venv, packages, translations, database and static files
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

demo: setup  ## Run the product with demo data on http://127.0.0.1:8000 (PORT=)
	@scripts/demo.sh

test: setup-test  ## Run every test: on SQLite, then what concerns the database on PostgreSQL
	DATABASE_URL= REDIS_URL= .venv/bin/pytest -n $(WORKERS) --dist worksteal
	@$(MAKE) --no-print-directory test-postgres

test-postgres: setup-test  ## Only the tests marked "database", on a temporary PostgreSQL
	scripts/with_postgres.sh .venv/bin/pytest -n $(WORKERS) --dist worksteal -m database

check: setup-test  ## Format, lint, types, imports, migrations, messages, diagrams, vendored files
	@scripts/check.sh

format: setup-test  ## Format the code and fix what can be fixed
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

messages: setup-test  ## Collect the texts of the code into locale/ and say what lacks Danish
	.venv/bin/python -m scripts.collect_messages

diagrams: setup  ## Draw the workflow diagrams in docs/
	.venv/bin/python manage.py workflow_diagrams

clean:  ## Remove what can be made again (not var/, which holds the data)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
