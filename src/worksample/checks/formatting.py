"""Format values from a target as short single lines that are safe to print."""

from __future__ import annotations

import re
from typing import Any

import orjson

from worksample.messages import message
from worksample.probes.exchange import Exchange

MAX_LENGTH = 160

# C0 and C1 controls, surrogates, and characters that reorder or hide text (Unicode TR 36).
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINE_END = re.compile(r"\r?\n[ \t]*")


def printable(text: str) -> str:
    """Return `text` with control characters and invisible characters as `\\uXXXX` escapes."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def shorten(value: Any, longest: int = MAX_LENGTH) -> str:
    """Return a JSON value, text or bytes as one printable line of at most `longest` characters.

    Bytes are decoded as UTF-8; each line break, with the indentation after it, becomes a space.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        text = bytes(value[: longest * 4]).decode("utf-8", "backslashreplace")
        text = _LINE_END.sub(" ", text)
    elif isinstance(value, str):
        text = f'"{value[: longest * 4]}"'
    else:
        text = _as_json(value)
    text = printable(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def describe_exchange(exchange: Exchange) -> str:
    """Return the response or error in a few words: "200 {...}", "204 without a body"."""
    if exchange.response is None:
        detail = f" ({shorten(exchange.detail, 120)})" if exchange.detail else ""
        return f"{exchange.trouble}{detail}"
    body = exchange.response.body
    return (
        f"{exchange.status} {shorten(body)}"
        if body
        else message("{status} without a body", status=exchange.status)
    )


def _as_json(value: Any) -> str:
    try:
        return orjson.dumps(value, default=str).decode()
    except (TypeError, ValueError):
        return repr(value)
