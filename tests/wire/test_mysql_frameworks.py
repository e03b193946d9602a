"""Frameworks and drivers get the same from MySQL with and without the wire."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest
import sqlalchemy as sa
from django.db import IntegrityError, connections, models, transaction
from sqlalchemy.orm import Session

from tests.support.mariadb import needs_mariadb
from tests.wire import test_frameworks  # noqa: F401 - configures Django
from tests.wire.harness import direct_and_wired
from tests.wire.mysql_harness import run_mysql_scene
from worksample.services import Database
from worksample.services.mysql import MariadbServer
from worksample.stacks import detect
from worksample.stacks.availability import missing_language
from worksample.wire import Outcome, Wire

pytestmark = [needs_mariadb, pytest.mark.slow]

APPS = Path(__file__).parents[1] / "support" / "apps"
NAMES = ("host", "port", "user", "password")
_aliases = itertools.count()


def with_sqlalchemy(database: Database) -> list[Any]:
    """Use core statements, transactions, savepoints, several rows and the pool's own pings."""
    url = database.url.replace("mysql://", "mysql+pymysql://")
    engine = sa.create_engine(url, pool_size=2, pool_pre_ping=True)
    metadata = sa.MetaData()
    note = sa.Table(
        "note",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(100), unique=True),
    )
    found: list[Any] = []
    try:
        metadata.drop_all(engine)
        metadata.create_all(engine)
        with engine.begin() as here:
            here.execute(sa.insert(note), [{"text": f"n{n}"} for n in range(50)])
            with pytest.raises(sa.exc.IntegrityError), here.begin_nested():
                here.execute(sa.insert(note).values(text="n1"))
            locked = sa.select(note).where(note.c.text.in_(["n1", "n2"])).with_for_update()
            found.append([tuple(row) for row in here.execute(locked)])
        with Session(engine) as session:
            found.append(session.scalars(sa.select(note.c.text).order_by(note.c.id)).all())
        with engine.connect() as here:
            found.append(here.execute(sa.update(note).values(text=note.c.text)).rowcount)
            here.rollback()
        return found
    finally:
        engine.dispose()


class MysqlNote(models.Model):  # type: ignore[misc]
    """The table of `with_django`."""

    text = models.CharField(max_length=100, unique=True)
    count = models.IntegerField(default=0)

    class Meta:
        app_label = "notes"


def with_django(database: Database) -> list[Any]:
    """Use the ORM, transactions, a savepoint and raw SQL; provoke an error."""
    pymysql.install_as_MySQLdb()
    using = f"mysql-{next(_aliases)}"
    values = {name.upper(): database.placeholders[f"mysql.{name}"] for name in NAMES}
    name = database.placeholders["mysql.database"]
    connections.databases[using] = connections.configure_settings(
        {"default": {}, using: {"ENGINE": "django.db.backends.mysql", "NAME": name, **values}}
    )[using]
    try:
        return list(_notes(using))
    finally:
        connections[using].close()
        del connections[using], connections.databases[using]


def _notes(using: str) -> Iterator[Any]:
    with connections[using].schema_editor() as editor:
        editor.execute("DROP TABLE IF EXISTS notes_mysqlnote")
        editor.create_model(MysqlNote)
    notes = MysqlNote.objects.using(using)
    notes.bulk_create(MysqlNote(text=f"n{n}", count=n) for n in range(150))
    with transaction.atomic(using=using):
        first = notes.select_for_update().get(text="n1")
        first.count += 10
        first.save()
        try:
            with transaction.atomic(using=using):
                notes.create(text="n1")
        except IntegrityError as error:
            yield error.args[0]
    yield notes.filter(text__startswith="n").aggregate(models.Sum("count"))
    yield [each.text for each in notes.order_by("id").iterator(chunk_size=40)]
    yield notes.filter(count__gt=100).update(count=models.F("count") + 1)
    yield notes.get_or_create(text="new")[1], notes.get_or_create(text="new")[1]
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT %s, '%%'", ["100"])
        yield cursor.fetchall()


async def assert_all_parsed(wire: Wire) -> None:
    """Assert that every round trip has a reply, and that no connection was left unparsed."""
    assert wire.history and not wire.problems
    assert await wire.wait_idle(20)
    assert all(each.outcome is Outcome.ANSWERED for each in wire.history)


@pytest.mark.parametrize("work", [with_sqlalchemy, with_django], ids=lambda work: work.__name__)
def test_framework_results_are_equal_with_and_without_wire(
    mariadb: MariadbServer, work: Callable[[Database], list[Any]]
) -> None:
    async def scene(wire: Wire) -> None:
        direct = await asyncio.to_thread(work, wire.upstream)
        assert await asyncio.to_thread(work, wire.database) == direct
        await assert_all_parsed(wire)
        # SQLAlchemy asks for a table that is not there yet.
        assert [each.error for each in wire.history if each.error not in ("", "1146")] == ["1062"]
        assert sum("for update" in str(each).lower() for each in wire.history) == 1

    run_mysql_scene(mariadb, scene)


def test_mysql2_results_are_equal_with_and_without_wire(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        async with detect(APPS / "mysql2-talk").build() as built:
            direct, wired = await direct_and_wired(wire, built, "node", "talk.cjs")
        assert wired == direct
        await assert_all_parsed(wire)
        assert [each.error for each in wire.history if each.error] == ["1062", "1054"]
        executed = [each for trip in wire.history for each in trip.statements if each.executed]
        inserted = [each for each in executed if each.changed_rows and "INSERT" in each.sql]
        assert [each.parameters for each in inserted] == [2, 2, 2]

    run_mysql_scene(mariadb, scene)


@pytest.mark.skipif(bool(missing_language("go-nethttp")), reason="Go is not installed")
def test_go_driver_gets_the_same_with_and_without_wire(mariadb: MariadbServer) -> None:
    """Statements prepared for each call, and statements with their values in the text."""

    async def scene(wire: Wire) -> None:
        async with detect(APPS / "gosql-talk").build() as built:
            client = str(built.folder / str(built.detection.start))
            direct, wired = await direct_and_wired(wire, built, client)
        assert wired == direct
        assert len(wired) > 40
        await assert_all_parsed(wire)
        assert [each.error for each in wire.history if each.error] == ["1062", "1054"] * 2
        assert sum("for update" in str(each).lower() for each in wire.history) >= 2

    run_mysql_scene(mariadb, scene)
