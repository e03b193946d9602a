"""Incremental parser for one HTTP response. It does no I/O."""

from __future__ import annotations

import re

from worksample.messages import message
from worksample.probes.exchange import Response, Trouble
from worksample.probes.http.bodies import FixedBody, OpenBody
from worksample.probes.http.coding import decode_body
from worksample.probes.http.framing import Framing
from worksample.probes.http.head import Head, parse_head
from worksample.probes.http.limits import Limits
from worksample.probes.http.problem import ResponseError, excerpt, not_http, too_large

HEAD_END = re.compile(rb"\n\r?\n")
START = b"HTTP/1."
NO_START = "the answer does not start with HTTP/1"
RESET = "the server reset the connection after its answer: it had not read the whole request"


class ResponseParser:
    """Parses the bytes passed to `feed` until `done`; then `response` or `trouble` is set.

    The outcome does not depend on the chunk boundaries. `detail` explains the trouble. `keep` says
    whether the connection may be reused, `started` whether any byte of an answer was received.
    `with_body` says that the request has a body.
    """

    __slots__ = (
        "_buffer",
        "_framing",
        "_head",
        "_interim",
        "_limits",
        "_method",
        "_with_body",
        "detail",
        "done",
        "keep",
        "notes",
        "response",
        "started",
        "trouble",
    )

    def __init__(self, method: str, limits: Limits, with_body: bool = False) -> None:
        self._method = method
        self._with_body = with_body
        self._limits = limits
        self._buffer = b""
        self._head: Head | None = None
        self._framing: Framing | None = None
        self._interim = 0
        self.done = self.keep = self.started = False
        self.response: Response | None = None
        self.trouble: Trouble | None = None
        self.detail = ""
        self.notes: tuple[str, ...] = ()

    def feed(self, data: bytes) -> bool:
        """Parse received bytes; return True when the response or the trouble is known."""
        self.started = True
        try:
            left = self._feed(data)
        except ResponseError as problem:
            self.fail(problem.trouble, problem.detail)
            return True
        if left is None:
            return False
        self._complete(left)
        return self.done

    def fail(self, trouble: Trouble, detail: str) -> None:
        """Finish without a usable response."""
        self.response = None
        self.trouble, self.detail = trouble, detail
        self.keep, self.done = False, True

    def end(self, *, broken: bool = False) -> None:
        """Handle the end of the connection; `broken` if it was reset rather than closed.

        A server that answers and closes before it has read the request body causes a reset after
        its answer. If the request has a body, such an answer is accepted, although it may be
        incomplete.
        """
        if self.done:
            return None
        framing = self._framing
        to_the_end = framing is not None and isinstance(framing.body, OpenBody)
        if not to_the_end or (broken and not self._with_body):
            return self.fail(Trouble.CLOSED, self._incomplete_detail(broken))
        self._complete(b"")
        if broken:
            self.notes = (*self.notes, RESET)
        return None

    def _feed(self, data: bytes) -> bytes | None:
        while self._framing is None:
            rest = self._feed_head(data)
            if rest is None:
                return None
            data = rest
        return self._framing.body.feed(data)

    def _feed_head(self, data: bytes) -> bytes | None:
        seen = 0
        if self._buffer:
            seen = max(0, len(self._buffer) - 2)
            data = self._buffer + data
        if not data.startswith(START) and not START.startswith(data):
            raise not_http(NO_START, data)
        end = HEAD_END.search(data, seen)
        if (end.end() if end else len(data)) + self._interim > self._limits.head:
            raise too_large("the head", self._limits.head)
        if end is None:
            self._buffer = data
            return None
        self._buffer = b""
        self._take_head(parse_head(data[: end.end()]), end.end())
        return data[end.end() :]

    def _take_head(self, head: Head, size: int) -> None:
        if head.status < 200 and head.status != 101:
            self._interim += size
            return
        self._head = head
        self._framing = Framing(self._method, head, self._limits)

    def _complete(self, left: bytes) -> None:
        head, framing = self._head, self._framing
        assert head is not None and framing is not None
        body, notes = bytes(framing.body.body), head.notes
        if framing.coding:
            try:
                body, note = decode_body(body, framing.coding, self._limits.body)
            except ResponseError as problem:
                return self.fail(problem.trouble, problem.detail)
            notes = (*notes, note) if note else notes
        if left and head.status != 101:
            notes = (
                *notes,
                message("the server sent extra bytes after its answer: {left}", left=excerpt(left)),
            )
        self.notes = notes
        self.response = Response(head.status, head.headers, body)
        self.keep, self.done = framing.keep and not left, True
        return None

    def _incomplete_detail(self, broken: bool) -> str:
        how = "reset" if broken else "closed"
        if self._framing is None:
            where = (
                message("in the head: {start}", start=excerpt(self._buffer))
                if self._buffer
                else "before any answer"
            )
            return message("the server {how} the connection {where}", how=how, where=where)
        body = self._framing.body
        if not isinstance(body, FixedBody):
            template = "the server {how} the connection after {count} bytes of body"
            return message(template, how=how, count=len(body.body))
        template = "the server {how} the connection after {count} of {length} bytes of body"
        return message(template, how=how, count=len(body.body), length=body.length)
