"""Bodies in the JSON of a report, without loss: as text, in base64, or compressed.

A hostile body of megabytes is one character again and again: compressed, it has a few kilobytes.
"""

from __future__ import annotations

import zlib

import msgspec

from worksample.grading.schema import Body, EncodedBody

MIN_COMPRESSED = 4096
MAX_SIZE = 32 * 1024 * 1024
_START = 300
_GZIP = 31


def body_entry(body: bytes) -> Body:
    """Return UTF-8 as text, other bytes in base64; what is long and can be compressed, compressed.

    A compressed body has at most a third of its length.
    """
    if len(body) >= MIN_COMPRESSED:
        packed = compressed(body)
        if len(packed) * 3 <= len(body):
            start = body[:_START].decode("utf-8", "backslashreplace")
            return EncodedBody(start=start, size=len(body), gzip=packed)
    return plain_entry(body)


def plain_entry(body: bytes) -> Body:
    """Return UTF-8 as text, other bytes in base64, however long it is."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return EncodedBody(base64=body)


def body_of(entry: Body) -> bytes:
    """Return the bytes that `body_entry` turned into `entry`.

    Raises msgspec.ValidationError for a body that is not what it says.
    """
    if isinstance(entry, str):
        return entry.encode("utf-8")
    return decompressed(entry.gzip, entry.size) if entry.gzip else entry.base64


def compressed(data: bytes) -> bytes:
    """Return `data` as gzip, always the same for the same data."""
    packer = zlib.compressobj(6, wbits=_GZIP)
    return packer.compress(data) + packer.flush()


def decompressed(data: bytes, size: int) -> bytes:
    """Return what was compressed to `data`; raise msgspec.ValidationError if it has another size.

    No more than `MAX_SIZE` is decompressed, whatever `data` claims.
    """
    if not 0 <= size <= MAX_SIZE:
        raise msgspec.ValidationError("compressed data states an impossible size")
    try:
        found = zlib.decompressobj(_GZIP).decompress(data, size + 1)
    except zlib.error:
        raise msgspec.ValidationError("compressed data is not valid gzip") from None
    if len(found) != size:
        raise msgspec.ValidationError("compressed data does not have the size that it states")
    return found
