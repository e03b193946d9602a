"""docs/report.md documents exactly the JSON that the code writes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support import reports
from worksample.checks import Aspect, Verdict
from worksample.grading import RunVerdict
from worksample.grading.report import FORMAT
from worksample.reports import json as json_form

DOCUMENT = (Path(__file__).parents[3] / "docs" / "report.md").read_text(encoding="utf-8")
TYPES = {
    "text": str,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "array of text": list,
    "array of number": list,
    "null": type(None),
}


def documented(title: str) -> dict[str, str]:
    """Return the documented fields under `title`, with their types."""
    part = DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", part, re.MULTILINE))


def written() -> dict[str, list[dict[str, Any]]]:
    """Return every object that the code writes, by its title in the document."""
    found: dict[str, list[dict[str, Any]]] = {}
    for report in reports.every_kind().values():
        data = orjson.loads(json_form.render(report))
        findings = [each for check in data["checks"] for each in check["findings"]]
        exchanges = [each for finding in findings for each in finding["exchanges"]]
        figures = [each for finding in findings for each in finding["figures"]]
        timelines = [each for each in figures if each["kind"] == "timeline"]
        growths = [each for each in figures if each["kind"] == "growth"]
        parts = {
            "Report": [data],
            "Selection": [data["selected"]],
            "Digests": [data["digests"]],
            "Challenge": [data["challenge"]],
            "Problem": [data["problem"]],
            "Score": [data["score"]],
            "Cause": data["causes"],
            "Cause's finding": [each for cause in data["causes"] for each in cause["findings"]],
            "Check": data["checks"],
            "Left out": data["left_out"],
            "Finding": findings,
            "Template": [each for finding in findings for each in finding["templates"].values()],
            "Exchange": exchanges,
            "Request": [each["request"] for each in exchanges],
            "Response": [each["response"] for each in exchanges],
            "Timeline": timelines,
            "Actor": [each for timeline in timelines for each in timeline["actors"]],
            "Beat": [each for timeline in timelines for each in timeline["beats"]],
            "Growth": growths,
            "Line": [each for growth in growths for each in growth["lines"]],
        }
        for title, objects in parts.items():
            found.setdefault(title, []).extend(each for each in objects if each is not None)
    return found


@pytest.mark.parametrize("title", sorted(written()))
def test_document_lists_every_field_with_its_type(title: str) -> None:
    fields = documented(title)
    for thing in written()[title]:
        assert list(thing) == list(fields)
        for name, value in thing.items():
            allowed = tuple(TYPES[kind] for kind in fields[name].split(" or "))
            assert isinstance(value, flat(allowed)), f"{title}.{name} is {value!r}"


def flat(kinds: tuple[Any, ...]) -> tuple[type, ...]:
    """Return the types in `kinds`, with tuples flattened."""
    return tuple(t for kind in kinds for t in (kind if isinstance(kind, tuple) else (kind,)))


def test_document_names_format_verdicts_and_aspects() -> None:
    assert f"format {FORMAT}." in DOCUMENT
    report, check = DOCUMENT.split("\n## Challenge\n")[0], DOCUMENT.split("\n## Check\n")[1]
    for verdict in RunVerdict:
        assert f"`{verdict}`" in report
    for name in (*Verdict, *Aspect):
        assert f"`{name}`" in check
