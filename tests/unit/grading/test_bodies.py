"""Bodies in a report's JSON: whole, and short where they are repetitive."""

from __future__ import annotations

import base64
import gzip
import random

import msgspec
import pytest

from worksample.grading.bodies import MAX_SIZE, body_entry, body_of
from worksample.grading.schema import Body, EncodedBody

NOISE = random.Random(7).randbytes(5000)
HUGE = b'{"article":{"body":"' + b"x" * 2 * 1024 * 1024 + b'"}}'


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", "é€".encode(), b"\x00\xff", NOISE, HUGE, b"[" * 100_000, b"\xff\x00" * 9000],
)
def test_body_comes_back_byte_for_byte(body: bytes) -> None:
    written = msgspec.json.encode(body_entry(body))
    assert body_of(msgspec.json.decode(written, type=Body)) == body


def test_two_megabytes_of_one_letter_take_three_kilobytes() -> None:
    written = msgspec.json.encode(body_entry(HUGE))
    assert len(written) < 4000
    data = msgspec.json.decode(written)
    assert gzip.decompress(base64.b64decode(data["gzip"])) == HUGE
    assert data["size"] == len(HUGE) and data["start"].startswith('{"article":{"body":"xxx')


def test_what_does_not_get_smaller_stays_readable() -> None:
    assert body_entry(b'{"a": 1}') == '{"a": 1}'
    assert body_entry(NOISE) == EncodedBody(base64=NOISE)


@pytest.mark.parametrize(
    "entry",
    [
        EncodedBody(gzip=b"nothing", size=9),
        EncodedBody(gzip=gzip.compress(b"12345"), size=4),
        EncodedBody(gzip=gzip.compress(b"12345"), size=6),
        EncodedBody(gzip=gzip.compress(b"12345"), size=MAX_SIZE + 1),
    ],
)
def test_rejects_body_that_is_not_what_it_says(entry: EncodedBody) -> None:
    with pytest.raises(msgspec.ValidationError, match="compressed data"):
        body_of(entry)
