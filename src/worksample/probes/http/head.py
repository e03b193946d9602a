"""The head of a response: status line and header fields (RFC 9112, sections 4 and 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from worksample.probes.exchange import Headers
from worksample.probes.http.problem import not_http

STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) ([1-9][0-9]{2})(?: ([^\r\n\0]*))?\r?\n")
FIELD = re.compile(r"^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)\r\n", re.MULTILINE)
LOOSE_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)")
# Limits for the memory of shared header fields, whatever a server sends.
MAX_SHARED, MAX_SHARED_HEAD = 1000, 2048

_seen: dict[tuple[str, str], tuple[str, str]] = {}


@dataclass(slots=True)
class Head:
    """A parsed head: minor version of HTTP/1, status, and header fields in order."""

    minor: int
    status: int
    headers: Headers
    notes: tuple[str, ...] = ()


def parse_head(data: bytes) -> Head:
    """Parse the bytes up to and including the empty line.

    A bare LF as line end (RFC 9112 2.2) and a folded line (5.2) are accepted with a note, as in
    browsers. Raises `ResponseError` for a bare CR, a NUL, a name that is not a token, or a missing
    colon.
    """
    text = data.decode("latin-1")
    end = text.index("\n") + 1
    minor, status = _status(text[:end])
    fields = FIELD.findall(text, end)
    # Fast path: there are as many fields as lines, and no trailing whitespace to strip.
    whole = len(fields) == text.count("\n", end) - 1
    if whole and " \r" not in text and "\t\r" not in text and text[end - 2] == "\r":
        return Head(
            minor, status, _shared(fields) if len(data) < MAX_SHARED_HEAD else tuple(fields)
        )
    headers, notes = _parse_loosely(text[end:])
    return Head(minor, status, headers, notes if text[end - 2] == "\r" else (*notes, BARE_LF))


def _shared(fields: list[tuple[str, str]]) -> Headers:
    """Reuse equal fields of earlier answers, which halves the memory of a record."""
    if len(_seen) > MAX_SHARED:
        _seen.clear()
    return tuple([_seen.setdefault(field, field) for field in fields])


@lru_cache(maxsize=64)
def _status(line: str) -> tuple[int, int]:
    match = STATUS_LINE.fullmatch(line)
    if match is None:
        raise not_http("invalid status line", line.rstrip("\r\n"))
    return int(match[1]), int(match[2])


BARE_LF = "the server ends header lines with a bare LF (RFC 9112 2.2 requires CRLF)"
FOLDED = "the server folds header lines (obsolete, RFC 9112 5.2)"


def _parse_loosely(text: str) -> tuple[Headers, tuple[str, ...]]:
    fields: list[tuple[str, str]] = []
    notes: dict[str, None] = {}
    for line in text.split("\n")[:-2]:
        if not line.endswith("\r"):
            notes[BARE_LF] = None
        if line.startswith((" ", "\t")) and fields:
            notes[FOLDED] = None
            name, value = fields.pop()
            fields.append((name, f"{value} {_value(line)}".strip()))
        else:
            fields.append(_field(line))
    return tuple(fields), tuple(notes)


def _field(line: str) -> tuple[str, str]:
    match = LOOSE_FIELD.fullmatch(line.removesuffix("\r"))
    if match is None:
        raise not_http("invalid header line", line)
    return match[1], match[2].rstrip(" \t")


def _value(line: str) -> str:
    value = line.removesuffix("\r").strip(" \t")
    if "\r" in value or "\0" in value:
        raise not_http("invalid header line", line)
    return value
