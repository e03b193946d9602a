"""Reports are equal after encoding and decoding, whatever they contain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support import reports
from worksample.errors import BrokenReport
from worksample.grading import Selection, codec

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("name", sorted(set(reports.every_kind()) - {"hostile"}))
def test_report_round_trips(name: str, tmp_path: Path) -> None:
    report = reports.every_kind()[name]
    path = tmp_path / "report.json"
    path.write_bytes(codec.encode(report))
    assert codec.read(path) == report


def test_reads_saved_report_of_earlier_version_and_writes_it_byte_for_byte() -> None:
    old = DATA / "report-format-1.json"
    before, now = orjson.loads(old.read_bytes()), orjson.loads(codec.encode(codec.read(old)))
    same = _without_later_keys(now, before)
    assert orjson.dumps(same, option=orjson.OPT_INDENT_2) + b"\n" == old.read_bytes()


def _without_later_keys(now: Any, before: Any) -> Any:
    """Return `now` without the keys that format 1 got after `before` was written."""
    if isinstance(now, dict):
        return {key: _without_later_keys(now[key], before[key]) for key in now if key in before}
    if isinstance(now, list):
        return [_without_later_keys(*each) for each in zip(now, before, strict=True)]
    return now


def test_ignores_unknown_keys() -> None:
    data = orjson.loads(codec.encode(reports.rejected()))
    data["mood"] = data["checks"][0]["mood"] = {"later": True}
    assert codec.decode(orjson.dumps(data)) == reports.rejected()


def test_names_the_place_of_a_wrong_value(tmp_path: Path) -> None:
    data = orjson.loads(codec.encode(reports.rejected()))
    data["checks"][2]["findings"][0]["exchanges"][1]["response"]["status"] = "odd"
    path = tmp_path / "report.json"
    path.write_bytes(orjson.dumps(data))
    with pytest.raises(BrokenReport, match=r"broken: Expected `int`, got `str` - at `\$\.checks"):
        codec.read(path)


def test_body_that_is_not_utf_8_round_trips() -> None:
    odd = reports.finding(exchanges=(reports.exchange(sent=b"\x00\xff", got="é€"),), culprit=0)
    report = reports.report([reports.failed(reports.check("odd-body"), odd)])
    written = orjson.loads(codec.encode(report))
    [exchange] = written["checks"][0]["findings"][0]["exchanges"]
    assert exchange["request"]["body"] == {"base64": "AP8="}
    assert codec.decode(codec.encode(report)) == report


def test_hostile_text_round_trips() -> None:
    written = codec.encode(reports.hostile())
    assert codec.encode(codec.decode(written)) == written


def test_reads_report_without_figures() -> None:
    data = orjson.loads(codec.encode(reports.rejected()))
    for check in data["checks"]:
        del check["lab"]
        for finding in check["findings"]:
            del finding["figures"]
    assert codec.decode(orjson.dumps(data)) == reports.rejected()


def test_skips_figure_of_unknown_kind() -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][0]["findings"][0]["figures"].append({"kind": "map", "of": "what comes later"})
    assert codec.decode(orjson.dumps(data)) == reports.drawn()


@pytest.mark.parametrize("actor", [2, -1])
def test_rejects_beat_of_unknown_actor(actor: int) -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][0]["findings"][0]["figures"][0]["beats"][0]["actor"] = actor
    with pytest.raises(ValueError, match="an actor that does not exist"):
        codec.decode(orjson.dumps(data))


def test_rejects_line_with_more_values_than_sizes() -> None:
    data = orjson.loads(codec.encode(reports.drawn()))
    data["checks"][1]["findings"][0]["figures"][0]["lines"][0]["values"].append(7)
    with pytest.raises(ValueError, match="more or fewer values"):
        codec.decode(orjson.dumps(data))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"format": 1, "run"', "is incomplete"),
        (b'{"format": 99}', "has format 99; this version of Worksample reads 1"),
        (b"[]", "has format None"),
        (b'{"format": 99, "run"', "is incomplete"),
        (b'{"format": 1, "run": "\xff"}', "is incomplete"),
        (b'{"format": 1}', "is broken: Object missing required field `run`"),
    ],
)
def test_rejects_file_that_is_not_a_report(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(BrokenReport, match=message):
        codec.read(path)


def test_selection_is_data() -> None:
    report = reports.report(selection=Selection(stage=3, only=("security", "tags-are-listed")))
    written = orjson.loads(codec.encode(report))
    assert written["selection"] == "stages 1 to 3; only security, tags-are-listed"
    assert written["selected"] == {
        "stage": 3,
        "only": ["security", "tags-are-listed"],
        "budget": 0,
    }
    assert codec.decode(codec.encode(report)) == report


@pytest.mark.parametrize(
    ("sentence", "selection"),
    [
        ("", Selection()),
        ("stages 1 to 3", Selection(stage=3)),
        ("only security", Selection(only=("security",))),
        ("stages 1 to 3; only a, b", Selection(3, ("a", "b"))),
        ("whatever came to mind", Selection(only=("whatever came to mind",))),
    ],
)
def test_reads_selection_of_earlier_report(sentence: str, selection: Selection) -> None:
    data = orjson.loads(codec.encode(reports.report()))
    del data["selected"]
    assert codec.decode(orjson.dumps(data | {"selection": sentence})).selection == selection


def test_names_the_later_version_that_wrote_a_report(tmp_path: Path) -> None:
    data = orjson.loads(codec.encode(reports.report()))
    data["versions"]["worksample"] = "99.1"
    data["verdict"] = "accepted with honours"
    path = tmp_path / "report.json"
    path.write_bytes(orjson.dumps(data))
    with pytest.raises(BrokenReport, match=r"was written by Worksample 99\.1; this is "):
        codec.read(path)
