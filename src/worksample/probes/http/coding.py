"""Content codings that a server may use unasked (RFC 9110 8.4), undone within bounds."""

from __future__ import annotations

import zlib

from worksample.probes.http.problem import too_large

GZIP, ZLIB, RAW = 31, 15, -15
WINDOWS = {"gzip": (GZIP,), "x-gzip": (GZIP,), "deflate": (ZLIB, RAW)}
MAX_LAYERS = 3


def decode_body(body: bytes, coding: str, limit: int) -> tuple[bytes, str]:
    """Return the body without its content codings, and a note on what was done.

    A coding that we do not know, or data that do not follow their coding, leave the body as it
    came, and the note says so. Raise `ResponseError` when the decoded body is larger than `limit`.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names or not body:
        return body, ""
    if len(names) > MAX_LAYERS or any(name not in WINDOWS for name in names):
        return body, f"the body is left in its content coding {coding[:40]!r}"
    plain: bytes | None = body
    for name in reversed(names):
        plain = _undo(plain, WINDOWS[name], limit) if plain is not None else None
    if plain is None:
        return body, f"Content-Encoding says {coding[:40]!r}, but the body does not follow it"
    return plain, f"the body was decoded from {', '.join(names)}"


def _undo(data: bytes, windows: tuple[int, ...], limit: int) -> bytes | None:
    for window in windows:
        try:
            return _inflate(data, window, limit)
        except zlib.error:
            continue
    return None


def _inflate(data: bytes, window: int, limit: int) -> bytes:
    out = bytearray()
    while data:
        decoder = zlib.decompressobj(window)
        out += decoder.decompress(data, limit - len(out) + 1)
        if len(out) > limit:
            raise too_large("the decoded body", limit)
        if not decoder.eof:
            raise zlib.error("the compressed data end too early")
        data = decoder.unused_data if window == GZIP else b""
    return bytes(out)
