"""Append-only tables: the database itself refuses UPDATE and DELETE, on both databases."""

from typing import Any

from django.db import migrations

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION udvalgsrum_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


# Filled as the migrations are read.
APPEND_ONLY: set[str] = set()


def append_only(table: str) -> migrations.RunPython:
    """A migration operation that makes `table` append-only."""
    APPEND_ONLY.add(table)

    def add(apps: Any, schema_editor: Any) -> None:
        for statement in add_statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def drop(apps: Any, schema_editor: Any) -> None:
        for statement in drop_statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(add, drop)


def add_statements(table: str, vendor: str) -> list[str]:
    """What makes the database refuse to change or delete the rows of `table`."""
    if vendor == "postgresql":
        return [
            POSTGRES_FUNCTION,
            (
                f"CREATE TRIGGER {table}_append_only "
                f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION udvalgsrum_append_only()"
            ),
        ]
    return [
        (
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for act in ("update", "delete")
    ]


def drop_statements(table: str, vendor: str) -> list[str]:
    """What an attacker with the database password would run; the tests do it to prove the chain."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}"]
    return [f"DROP TRIGGER {table}_no_{act}" for act in ("update", "delete")]


def frozen_once(table: str, *, mark: str, columns: list[str]) -> migrations.RunPython:
    """A migration operation: once `mark` is set in a row, `columns` never change and the row
    is never deleted. The other columns may (what happened to it afterwards)."""

    def add(apps: Any, schema_editor: Any) -> None:
        for statement in freeze_statements(table, mark, columns, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def drop(apps: Any, schema_editor: Any) -> None:
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        for act in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_frozen_{act}{on_table}", params=None)

    return migrations.RunPython(add, drop)


def freeze_statements(table: str, mark: str, columns: list[str], vendor: str) -> list[str]:
    """What makes the database refuse to change `columns` of the rows where `mark` is set."""
    postgres = vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in [mark, *columns])
    then = (
        "EXECUTE FUNCTION udvalgsrum_append_only()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only once frozen'); END"
    )
    head = f"CREATE TRIGGER {table}_frozen"
    update = f"{head}_update BEFORE UPDATE ON {table} FOR EACH ROW "
    delete = f"{head}_delete BEFORE DELETE ON {table} FOR EACH ROW "
    statements = [
        f"{update} WHEN (OLD.{mark} IS NOT NULL AND ({changed})) {then}",
        f"{delete} WHEN (OLD.{mark} IS NOT NULL) {then}",
    ]
    return [POSTGRES_FUNCTION, *statements] if postgres else statements
