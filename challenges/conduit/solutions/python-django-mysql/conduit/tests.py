"""What all endpoints share: hostile requests, many at once, a database in trouble, the end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import DataError, OperationalError, connection
from django.test import Client, SimpleTestCase, TestCase, TransactionTestCase

from accounts.models import User
from accounts.tests import PASSWORD, Person, registered
from articles.models import Favorite
from conduit.database import stored_whole
from conduit.http.bodies import with_dropped_rest, with_known_length


class HostileTest(TestCase):
    def test_refuses_what_it_cannot_understand(self) -> None:
        for body in (b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"user": {"email": "\\ud800"}}'):
            with self.subTest(body[:20]):
                answer = Client().post("/api/users/login", body, content_type="application/json")
                self.assertEqual(answer.status_code, 422)
                self.assertIn("errors", answer.json())

    def test_refuses_nul(self) -> None:
        user = {"username": "a\0b", "email": "a@example.org", "password": PASSWORD}
        self.assertEqual(Person().ask("POST", "/users", {"user": user}).status_code, 422)
        self.assertEqual(Person().get("/articles/%00").status_code, 404)
        self.assertEqual(Person().get("/articles/%ff").status_code, 404)

    def test_refuses_large_bodies(self) -> None:
        answer = Client().post("/api/users", b"x" * (1024 * 1024 + 1), content_type="text/plain")
        self.assertEqual(answer.status_code, 413)

    def test_says_everything_in_json(self) -> None:
        for method, path, status in (
            ("GET", "/api/nowhere", 404),
            ("GET", "/", 404),
            ("PATCH", "/api/user", 405),
            ("HEAD", "/api/tags", 405),
            ("BREW", "/api/tags", 405),
        ):
            with self.subTest(f"{method} {path}"):
                answer = Client().generic(method, path)
                self.assertEqual(answer.status_code, status)
                self.assertEqual(answer["Content-Type"], "application/json")

    def test_shows_nothing_of_its_insides(self) -> None:
        failing = mock.patch("articles.reading.tags_in_use", side_effect=RuntimeError("a secret"))
        with failing, self.assertLogs("conduit", "ERROR"):
            answer = Person().get("/tags")
        self.assertEqual(answer.status_code, 500)
        self.assertNotIn(b"secret", answer.content)


class ChunkedBodyTest(SimpleTestCase):
    def test_gets_a_length(self) -> None:
        for sent, length in ((9, 9), (2 * 1024 * 1024, 1024 * 1024 + 1)):
            environ: dict[str, Any] = {
                "HTTP_TRANSFER_ENCODING": "chunked",
                "wsgi.input_terminated": True,
                "wsgi.input": BytesIO(b"x" * sent),
            }
            with_known_length(lambda _, __: [])(environ, print)
            self.assertEqual(environ["CONTENT_LENGTH"], str(length))


class RestOfBodyTest(SimpleTestCase):
    def test_is_read_after_the_answer(self) -> None:
        for sent, left in ((2, 0), (9, 1)):
            body = BytesIO(b"x" * (sent * 1024 * 1024))
            answer = with_dropped_rest(lambda _, __: [b"no"])({"wsgi.input": body}, print)
            self.assertEqual((next(iter(answer)), body.tell()), (b"no", 0))
            answer.close()
            self.assertEqual(len(body.read()), left * 1024 * 1024)


class AtOnceTest(TransactionTestCase):
    def test_one_of_many_gets_a_name(self) -> None:
        def register() -> int:
            user = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
            return int(Person().ask("POST", "/users", {"user": user}).status_code)

        self.assertEqual(sorted(_at_once([register] * 4)), [201, 422, 422, 422])

    def test_equal_titles_get_slugs_of_their_own(self) -> None:
        ada = registered("ada")
        slugs = _at_once([lambda: ada.publish("Same")["slug"]] * 6)
        self.assertEqual(len(set(slugs)), 6)

    def test_marks_are_counted_once_each(self) -> None:
        people = [registered(f"p{n}") for n in range(3)]
        path = f"/articles/{people[0].publish()['slug']}/favorite"
        _at_once([lambda p=p: p.ask("POST", path) for p in people * 2])
        self.assertEqual(Favorite.objects.count(), 3)


class LostConnectionTest(TransactionTestCase):
    def test_is_not_handed_out(self) -> None:
        self.assertEqual(Person().get("/tags").status_code, 200)
        _end_sessions()
        self.assertEqual(Person().get("/tags").status_code, 200)


class ConflictTest(TransactionTestCase):
    def test_deadlock_is_run_again(self) -> None:
        ids = [User.objects.get(username=registered(name).username).pk for name in ("ada", "bob")]
        both_hold_one = threading.Barrier(2)

        def change(first: int, second: int) -> int:
            runs = 0

            @stored_whole
            def touch_both() -> None:
                nonlocal runs
                runs += 1
                User.objects.filter(pk=first).update(bio="changed")
                if runs == 1:
                    both_hold_one.wait(60)
                User.objects.filter(pk=second).update(bio="changed")

            touch_both()
            return runs

        runs = _at_once([lambda: change(*ids), lambda: change(*reversed(ids))])
        self.assertEqual(sorted(runs), [1, 2])


class SessionTest(TestCase):
    def test_cuts_nothing_to_fit(self) -> None:
        ada = registered("ada")
        with self.assertRaises(DataError):
            User.objects.filter(username=ada.username).update(username="x" * 65)

    def test_reads_what_is_committed(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SHOW VARIABLES WHERE variable_name RLIKE '^(tx|transaction)_isolation$'"
            )
            self.assertEqual({value for _, value in cursor.fetchall()}, {"READ-COMMITTED"})


class StoppingTest(TransactionTestCase):
    def test_finishes_what_it_has_begun(self) -> None:
        with _gunicorn() as (process, url):
            for _ in range(3):
                with urllib.request.urlopen(f"{url}/tags") as answer:
                    self.assertEqual(answer.status, 200)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=60), 0)


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Call all in threads of their own; return what they return."""
    results: list[Any] = [None] * len(calls)

    def run(n: int) -> None:
        try:
            results[n] = calls[n]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def _end_sessions() -> None:
    """End all connections to the database, our own included, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM information_schema.processlist "
            "WHERE db = database() ORDER BY id = connection_id()"
        )
        with suppress(OperationalError):
            for (number,) in cursor.fetchall():
                cursor.execute("KILL %s", [number])


@contextmanager
def _gunicorn() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server on the tests' database, and its address; ended when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = quote(settings.DATABASES["default"]["NAME"], safe="")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "PORT": str(port), "HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "gunicorn"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, cwd=root, env=environment) as process:
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/api/tags", process)
            yield process, f"http://127.0.0.1:{port}/api"
        finally:
            process.kill()


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not start")
