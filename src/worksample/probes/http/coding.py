"""Decode content codings (RFC 9110 8.4) with a size limit."""

from __future__ import annotations

import zlib

from worksample.messages import message
from worksample.probes.http.problem import too_large

GZIP, ZLIB, RAW = 31, 15, -15
WINDOWS = {"gzip": (GZIP,), "x-gzip": (GZIP,), "deflate": (ZLIB, RAW)}
MAX_LAYERS = 3


def decode_body(body: bytes, coding: str, limit: int) -> tuple[bytes, str]:
    """Return (decoded body, note). The note says how the body was decoded, or why it was not.

    A body with an unknown coding or with invalid data is returned unchanged. Raises
    `ResponseError` if the decoded body is larger than `limit` bytes.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names or not body:
        return body, ""
    if len(names) > MAX_LAYERS or any(name not in WINDOWS for name in names):
        return body, message(
            "the body was not decoded: unsupported Content-Encoding {coding}",
            coding=repr(coding[:40]),
        )
    plain: bytes | None = body
    for name in reversed(names):
        plain = _undo(plain, WINDOWS[name], limit) if plain is not None else None
    if plain is None:
        return body, message(
            "the body was not decoded: it is not valid {coding}", coding=repr(coding[:40])
        )
    return plain, message("the body was decoded from {names}", names=", ".join(names))


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
            raise zlib.error("the compressed data is truncated")
        data = decoder.unused_data if window == GZIP else b""
    return bytes(out)
