"""ORMs and query builders get the same results with and without the wire."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import django
import pytest
import sqlalchemy as sa
from django.conf import settings
from django.db import IntegrityError, connections, models, transaction
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from tests.wire.harness import direct_and_wired, run_scene, statements_of
from worksample.services.postgres import PostgresServer
from worksample.stacks import detect
from worksample.wire import Outcome, Wire
from worksample.wire.postgres import Kind

pytestmark = [pytest.mark.slow, pytest.mark.alone]
KNEX = Path(__file__).parents[1] / "support" / "apps" / "knex-talk"
Work = Callable[[str], Awaitable[Any]]


class Base(DeclarativeBase):
    """The tables of `exercise_sqlalchemy`."""


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    books: Mapped[list[Book]] = relationship(back_populates="author", lazy="selectin")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


async def exercise_sqlalchemy(url: str) -> Any:
    """Use an ORM session, a savepoint, a bulk insert, a server-side cursor, and provoke errors."""
    engine = create_async_engine(url, pool_size=2)
    found: list[Any] = []
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.drop_all)
            await connection.run_sync(Base.metadata.create_all)
        async with AsyncSession(engine) as session:
            ada = Author(name="ada", books=[Book(title=f"book {n}") for n in range(30)])
            session.add_all([ada, Author(name="bob")])
            await session.commit()
            with pytest.raises(sa.exc.IntegrityError):
                async with session.begin_nested():
                    session.add(Author(name="ada"))
                    await session.flush()
            await session.execute(sa.insert(Author), [{"name": f"n{n}"} for n in range(200)])
            await session.commit()
        async with AsyncSession(engine) as session:
            authors = await session.scalars(sa.select(Author).order_by(Author.id).limit(3))
            found += [(each.name, [book.title for book in each.books]) for each in authors]
            found.append(await session.scalar(sa.select(sa.func.count()).select_from(Author)))
            with pytest.raises(sa.exc.DBAPIError) as failed:
                await session.execute(sa.text("select 1 / (:n - 1)"), {"n": 1})
            found.append("division by zero" in str(failed.value))
        async with engine.connect() as connection:
            stream = await connection.stream(sa.select(Author.name).order_by(Author.id))
            found.append([row.name async for row in stream])
        found.append(await asyncio.gather(*(doubled(engine, n) for n in range(12))))
    finally:
        await engine.dispose()
    return found


async def doubled(engine: Any, number: int) -> Any:
    async with engine.connect() as connection:
        statement = sa.select(sa.cast(number, sa.Integer) * 2)
        return (await connection.execute(statement)).scalar()


async def sqlalchemy_with_psycopg(url: str) -> Any:
    return await exercise_sqlalchemy(url.replace("postgresql://", "postgresql+psycopg://"))


async def sqlalchemy_with_asyncpg(url: str) -> Any:
    named = url.replace("postgresql://", "postgresql+asyncpg://").replace("sslmode=", "ssl=")
    return await exercise_sqlalchemy(named)


settings.configure(DATABASES={}, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()
_aliases = itertools.count()


class Note(models.Model):  # type: ignore[misc]
    """The table of `exercise_django`."""

    text = models.TextField(unique=True)
    count = models.IntegerField(default=0)

    class Meta:
        app_label = "notes"


def exercise_django(url: str, server_side_binding: bool) -> Any:
    """Use the ORM, transactions, a savepoint, a server-side cursor, raw SQL; provoke an error."""
    using = f"talk-{next(_aliases)}"
    parts = conninfo_to_dict(url)
    keys = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    connections.databases[using] = connections.configure_settings(
        {
            "default": {},
            using: {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts["dbname"],
                "OPTIONS": {
                    "server_side_binding": server_side_binding,
                    "sslmode": parts.get("sslmode", "prefer"),
                },
                **{name: str(parts[key]) for key, name in keys.items()},
            },
        }
    )[using]
    try:
        return list(_notes(using))
    finally:
        connections[using].close()
        del connections[using], connections.databases[using]


def _notes(using: str) -> Any:
    with connections[using].schema_editor() as editor:
        editor.execute("drop table if exists notes_note")
        editor.create_model(Note)
    notes = Note.objects.using(using)
    notes.bulk_create(Note(text=f"n{n}", count=n) for n in range(150))
    with transaction.atomic(using=using):
        first = notes.select_for_update().get(text="n1")
        first.count += 10
        first.save()
        try:
            with transaction.atomic(using=using):
                notes.create(text="n1")
        except IntegrityError as error:
            yield type(error.__cause__).__name__
    yield notes.filter(text__startswith="n").aggregate(models.Sum("count"))
    yield list(notes.order_by("id").values_list("text", "count")[:5])
    yield [each.text for each in notes.order_by("id").iterator(chunk_size=40)]
    yield notes.filter(count__gt=100).update(count=models.F("count") + 1)
    yield notes.get_or_create(text="new")[1], notes.get_or_create(text="new")[1]
    with connections[using].cursor() as cursor:
        cursor.execute("select %s::text || %s", ["100", "%"])
        yield cursor.fetchall()


async def django_client_side_binding(url: str) -> Any:
    return await asyncio.to_thread(exercise_django, url, False)


async def django_server_side_binding(url: str) -> Any:
    return await asyncio.to_thread(exercise_django, url, True)


@pytest.mark.parametrize(
    "work",
    [
        sqlalchemy_with_psycopg,
        sqlalchemy_with_asyncpg,
        django_client_side_binding,
        django_server_side_binding,
    ],
    ids=lambda work: work.__name__,
)
def test_framework_results_are_equal_with_and_without_wire(
    server: PostgresServer, work: Work
) -> None:
    async def scene(wire: Wire) -> None:
        direct, wired = await work(wire.upstream.url), await work(wire.database.url)
        assert wired == direct
        await assert_all_parsed(wire)

    run_scene(server, scene)


async def assert_all_parsed(wire: Wire) -> None:
    """Assert that every round trip has a reply, and that no connection was left unparsed."""
    assert wire.history and not wire.problems
    assert await wire.wait_idle(20)
    assert all(each.outcome is Outcome.ANSWERED for each in wire.history)
    assert all(each.statements or each.kind is Kind.EXTENDED for each in wire.history)


def test_knex_results_are_equal_with_and_without_wire(server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        async with detect(KNEX).build() as built:
            direct, wired = await direct_and_wired(wire, built, "node", "talk.cjs")
        assert wired == direct
        await assert_all_parsed(wire)
        assert sum("for update" in each for each in statements_of(list(wire.history))) == 1
        assert [each.error for each in wire.history if each.error] == ["23505", "42P01"]

    run_scene(server, scene)
