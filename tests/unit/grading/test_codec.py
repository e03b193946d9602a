"""Reports are equal after encoding and decoding, whatever they contain."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.support import reports
from worksample.errors import BrokenReport
from worksample.grading import codec


@pytest.mark.parametrize("name", sorted(set(reports.every_kind()) - {"hostile"}))
def test_report_round_trips(name: str, tmp_path: Path) -> None:
    report = reports.every_kind()[name]
    path = tmp_path / "report.json"
    path.write_bytes(codec.encode(report))
    assert codec.read(path) == report


def test_hostile_text_round_trips() -> None:
    written = codec.encode(reports.hostile())
    assert codec.encode(codec.from_data(orjson.loads(written))) == written


def test_reads_report_without_figures() -> None:
    data = orjson.loads(codec.encode(reports.rejected()))
    for check in data["checks"]:
        del check["lab"]
        for finding in check["findings"]:
            del finding["figures"]
    assert codec.from_data(data) == reports.rejected()


def test_skips_figure_of_unknown_kind() -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][0]["findings"][0]["figures"].append({"kind": "map", "of": "what comes later"})
    assert codec.from_data(data) == reports.drawn()


@pytest.mark.parametrize("actor", [2, -1])
def test_rejects_beat_of_unknown_actor(actor: int) -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][0]["findings"][0]["figures"][0]["beats"][0]["actor"] = actor
    with pytest.raises(ValueError, match="an actor that does not exist"):
        codec.from_data(data)


def test_rejects_line_with_more_values_than_sizes() -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][1]["findings"][0]["figures"][0]["lines"][0]["values"].append(7)
    with pytest.raises(ValueError, match="more or fewer values"):
        codec.from_data(data)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"format": 1, "run"', "is incomplete"),
        (b'{"format": 99}', "has format 99; this version of Worksample reads 1"),
        (b"[]", "has format None"),
        (b'{"format": 1}', "is broken: KeyError"),
    ],
)
def test_rejects_file_that_is_not_a_report(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(BrokenReport, match=message):
        codec.read(path)
