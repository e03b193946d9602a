"""Uses mysqlclient, alone and below Django, and prints what it got as JSON."""

import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import django
import MySQLdb
import MySQLdb.cursors
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

URL = urlsplit(sys.argv[1])
LOGIN = {
    "host": URL.hostname,
    "port": URL.port,
    "user": unquote(URL.username or ""),
    "password": unquote(URL.password or ""),
}


def alone() -> Iterator[Any]:
    """Text statements, several rows and results at once, errors, a stream, a new session."""
    here = MySQLdb.connect(**LOGIN, database=URL.path[1:], connect_timeout=10)
    cursor = here.cursor()
    cursor.execute("DROP TABLE IF EXISTS note")
    cursor.execute(
        "CREATE TABLE note (id int PRIMARY KEY, text varchar(100) UNIQUE, data longblob)"
    )
    notes = [(n, f"note {n} \N{PARTY POPPER}", bytes(range(256)) * n) for n in range(30)]
    yield cursor.executemany("INSERT INTO note VALUES (%s, %s, %s)", notes)
    here.commit()
    cursor.execute("SELECT id, text, length(data) FROM note WHERE id > 27 FOR UPDATE")
    yield cursor.fetchall()
    for wrong in ("INSERT INTO note VALUES (99, %s, NULL)", "SELECT nothing, %s"):
        try:
            cursor.execute(wrong, (notes[1][1],))
        except MySQLdb.Error as error:
            yield error.args
    here.rollback()
    cursor.execute("SELECT 1; UPDATE note SET data = NULL WHERE id < 4; SELECT count(*) FROM note")
    yield cursor.fetchall()
    yield cursor.nextset(), cursor.rowcount
    yield cursor.nextset(), cursor.fetchall(), cursor.nextset()
    here.commit()
    with here.cursor(MySQLdb.cursors.SSDictCursor) as stream:
        stream.execute("SELECT seq FROM seq_1_to_500")
        yield sum(row["seq"] for row in stream)
    here.autocommit(True)
    here.ping()
    yield here.get_autocommit(), here.character_set_name()
    here.change_user(LOGIN["user"], LOGIN["password"], URL.path[1:])
    cursor = here.cursor()
    cursor.execute("SELECT text FROM note ORDER BY id")
    yield cursor.fetchall()
    here.close()


def below_django() -> Iterator[Any]:
    """The ORM with a transaction, a savepoint, a lock and an error."""
    names = {name.upper(): value for name, value in LOGIN.items()}
    engine = {"ENGINE": "django.db.backends.mysql", "NAME": URL.path[1:]}
    settings.configure(DATABASES={"default": {**engine, **names}}, USE_TZ=True)
    django.setup()

    class Entry(models.Model):
        text = models.CharField(max_length=100, unique=True)
        count = models.IntegerField(default=0)

        class Meta:
            app_label = "talk"

    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE IF EXISTS talk_entry")
        editor.create_model(Entry)
    Entry.objects.bulk_create(Entry(text=f"n{n}", count=n) for n in range(150))
    with transaction.atomic():
        first = Entry.objects.select_for_update().get(text="n1")
        first.count += 10
        first.save()
        try:
            with transaction.atomic():
                Entry.objects.create(text="n1")
        except IntegrityError as error:
            yield error.args[0]
    yield Entry.objects.aggregate(models.Sum("count"))
    yield [each.text for each in Entry.objects.order_by("id").iterator(chunk_size=40)]
    yield Entry.objects.filter(count__gt=100).update(count=models.F("count") + 1)
    yield [Entry.objects.get_or_create(text="new")[1] for _ in range(2)]
    connection.close()


print(json.dumps([*alone(), *below_django()]))  # noqa: T201
