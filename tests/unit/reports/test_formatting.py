"""Texts for exchanges, durations and logs."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.reports.support.formatting import (
    body_line,
    duration,
    lines_of,
    pluralize,
    request_line,
    truncate,
)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, "0 ms"),
        (0.0042, "4 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (125, "2 min 5 s"),
    ],
)
def test_duration_uses_suitable_unit(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


def test_pluralizes_nouns() -> None:
    assert [pluralize(n, "check") for n in (0, 1, 1234)] == ["0 checks", "1 check", "1,234 checks"]


def test_truncated_text_ends_with_ellipsis() -> None:
    assert truncate("abcdef", 6) == "abcdef"
    assert truncate("abcdefg", 6) == "abcde…"


def test_request_line_is_short_and_printable() -> None:
    exchange = reports.exchange(method="GE\x1bT", target="/\x1b[31m" + "x" * 500)
    line = request_line(exchange)
    assert line.isprintable()
    assert len(line) < 160


def test_last_log_lines_are_bounded_and_printable() -> None:
    lines = lines_of("a\nb\n\x1b[2Jc" + "x" * 9999, limit=2, max_length=20)
    assert lines == ["b", "\\u001b[2Jcxxxxxxxxx…"]


def test_returns_first_lines_on_request() -> None:
    assert lines_of("a\nb\nc", 2, last=False) == ["a", "b"]


def test_strips_local_path_prefixes() -> None:
    log = (
        'File "/tmp/worksample-run-6v8_3w4/app/conduit/store.py", line 57\n'
        'File "/home/ada/.cache/worksample/python/80c/lib/python3.11/site-packages/x.py"\n'
        "at /tmp/worksample-run-a/app/node_modules/express/lib/x.js:3\n"
        'File "/usr/lib/python3.11/json/decoder.py"'
    )
    assert lines_of(log, 9) == [
        'File "conduit/store.py", line 57',
        'File "site-packages/x.py"',
        "at node_modules/express/lib/x.js:3",
        'File "/usr/lib/python3.11/json/decoder.py"',
    ]


def test_body_is_one_line() -> None:
    assert body_line(b"") == "no body"
    assert body_line(b'{\n  "a": 1\n}') == '{ "a": 1 }'
    assert body_line(b"\xff\x00") == "\\xff\\u0000"
