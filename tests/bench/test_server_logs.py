"""What bench/server_logs.py records of a server's log."""

from __future__ import annotations

import json

import server_logs

TRACE = 'Traceback (most recent call last):\n  File "app/pay.py", line 3, in pay\nKeyError: 1'


def unfolded(*lines: str) -> list[str]:
    return list(server_logs.unfolded("\n".join(lines)))


def test_trace_in_a_line_of_json_stands_below_it() -> None:
    entry = {"level": "ERROR", "message": "answered 500: GET /", "traceback": TRACE}
    assert unfolded(json.dumps(entry)) == [
        '{"level": "ERROR", "message": "answered 500: GET /"}',
        *TRACE.splitlines(),
    ]


def test_moments_are_left_out() -> None:
    entry = {"time": "2026-01-05T12:00:00.123+00:00", "status": 500}
    assert unfolded(json.dumps(entry)) == ['{"status": 500}']


def test_other_lines_stay() -> None:
    lines = ["Error: none left", "    at take (src/a.js:3:9)", "{", "7", '["a"]', "{}"]
    assert unfolded(*lines) == lines
