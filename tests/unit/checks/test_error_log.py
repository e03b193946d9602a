"""Which of the errors in a log belongs to which request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from tests.engine.harness import LoggingTarget, WrittenLog
from worksample.checks.error_log import ErrorLog, LoggedError
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http import HttpClient

A, B = "KeyError: 'a'", "ValueError: b"


class Client(HttpClient):
    """Logs `errors` at every request, and answers with `status`."""

    def __init__(self, log: WrittenLog, status: int, *errors: str) -> None:
        super().__init__("http://127.0.0.1:1")
        self.log, self.status, self.errors = log, status, errors

    def send(self, request: Request, **options: Any) -> Coroutine[Any, Any, Exchange]:
        async def answer() -> Exchange:
            self.log.append(*self.errors)
            return failed(self.status)

        return answer()


def failed(status: int = 500, path: str = "/x") -> Exchange:
    return Exchange(Request("GET", path), Response(status, (), b""), started=time.monotonic())


Story = Callable[[LoggingTarget, ErrorLog], Awaitable[LoggedError | None]]


def told(story: Story) -> str:
    """Return the error that the story finds, without its place."""

    async def play() -> LoggedError | None:
        target = LoggingTarget()
        return await story(target, ErrorLog(target))

    found = asyncio.run(play())
    return found.error.removeprefix("/srv/app.py:7: ") if found else ""


def test_only_failing_request_has_the_only_error_of_its_time() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        target.log.append(B)
        log.record(failed(200))
        one = failed()
        target.log.append(A)
        log.record(one)
        return await log.error_of(one)

    assert told(story) == A


def test_errors_of_requests_that_overlap_are_not_told() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        one, other = failed(), failed()
        target.log.append(A, B)
        log.record(one)
        log.record(other)
        return await log.error_of(one)

    assert told(story) == ""


def test_same_error_of_all_requests_that_overlap_is_told() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        one, other = failed(), failed()
        target.log.append(A, A)
        log.record(one)
        log.record(other)
        return await log.error_of(one)

    assert told(story) == A


def test_same_error_may_be_that_of_another_operation_alone() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        one, other = failed(), failed(path="/y")
        target.log.append(A, A)
        log.record(one)
        log.record(other)
        return await log.error_of(one)

    assert told(story) == ""


def test_request_without_an_error_of_its_own_has_not_that_of_another() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        one, other = failed(), failed()
        target.log.append(A)
        log.record(one)
        log.record(other)
        return await log.error_of(one)

    assert told(story) == ""


def test_error_that_a_request_logged_late_is_not_that_of_the_next_one() -> None:
    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        log.record(failed())
        one = failed()
        target.log.append(A)
        log.record(one)
        return await log.error_of(one)

    assert told(story) == ""


def again(status: int, first: tuple[str, ...], *errors: str) -> str:
    """Return the error that is told when a request is sent again that logs `errors` then."""

    async def story(target: LoggingTarget, log: ErrorLog) -> LoggedError | None:
        one = failed()
        target.log.append(*first)
        log.record(one)
        await log.error_of(one)
        return await log.error_again(one, Client(target.log, status, *errors))

    return told(story)


def test_request_sent_again_alone_shows_which_error_was_its() -> None:
    assert again(500, (A, B), B) == B


def test_other_answer_or_other_error_of_a_request_sent_again_tells_nothing() -> None:
    assert again(422, (A, B), B) == ""
    assert again(500, (A,), B) == ""
    assert again(500, (A, B), A, B) == ""
    assert again(500, (), B) == ""
