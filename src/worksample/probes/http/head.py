"""The head of a response: status line and header fields (RFC 9112, sections 4 and 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worksample.probes.exchange import Headers
from worksample.probes.http.problem import not_http

STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) ([1-9][0-9]{2})(?: ([^\r\n\0]*))?\r?\n")
FIELD = re.compile(r"^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)\r\n", re.MULTILINE)
LOOSE_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)")


@dataclass(slots=True)
class Head:
    """A parsed head: the minor version of HTTP/1, the status, the fields in the order sent."""

    minor: int
    status: int
    headers: Headers
    notes: tuple[str, ...] = ()


def parse_head(data: bytes) -> Head:
    """Parse the bytes up to and with the empty line; raise `AnswerError` when they are not HTTP/1.

    A bare LF as line end (RFC 9112 2.2) and a folded line (5.2) are read as every browser reads
    them, with a note; a bare CR, a NUL, a name that is no token and a missing colon are refused.
    """
    text = data.decode("latin-1")
    line = STATUS_LINE.match(text)
    if line is None:
        raise not_http("invalid status line", data.split(b"\n", 1)[0])
    minor, status = int(line[1]), int(line[2])
    fields = FIELD.findall(text, line.end())
    plain = len(fields) == text.count("\n", line.end()) - 1
    if plain and " \r" not in text and "\t\r" not in text and "\r" in line[0]:
        return Head(minor, status, tuple(fields))
    headers, notes = _parse_loosely(text[line.end() :])
    return Head(minor, status, headers, notes if "\r" in line[0] else (*notes, BARE_LF))


BARE_LF = "the server ends header lines with LF alone (RFC 9112 2.2 asks for CRLF)"
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
