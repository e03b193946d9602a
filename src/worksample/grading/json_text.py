"""Values as JSON, whatever text a target sent."""

from __future__ import annotations

from typing import Any

import msgspec


def to_json(value: object) -> bytes:
    """Return `value` as JSON; lone surrogates, which JSON cannot hold, are escaped."""
    try:
        return msgspec.json.encode(value, enc_hook=_plain)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_surrogates(msgspec.to_builtins(value, enc_hook=_plain)))


def _plain(value: object) -> str:
    """Return a `Message` as plain text; its template is written beside it."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"a report cannot hold {type(value).__name__}")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(each) for each in value]
    return value
