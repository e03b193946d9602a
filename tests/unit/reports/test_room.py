"""How much of each finding the HTML page shows when it has little room."""

from __future__ import annotations

from tests.support import reports
from worksample.reports.page.issues import Detail
from worksample.reports.page.room import fitted
from worksample.reports.support.numbering import NumberedFinding, numbered_issues

SIZES = {Detail.LINE: 10, Detail.CULPRIT: 50, Detail.WHOLE: 100}


def shown(room: int, *, causes: int, findings: int = 1) -> list[str]:
    """Return in which detail each finding is shown if all details have the size in `SIZES`."""

    def render(_: NumberedFinding, detail: Detail) -> str:
        return detail.name.ljust(SIZES[detail])

    results = [
        reports.failed(
            reports.check(f"check-{n}"),
            *[
                reports.finding(error=f"app.py:{n}: KeyError", actual=str(i))
                for i in range(findings)
            ],
        )
        for n in range(causes)
    ]
    found = fitted(numbered_issues(reports.report(results)), room, render)
    assert sum(map(len, found.values())) <= max(room, 0)
    return [found.get(n + 1, "").strip() for n in range(causes * findings)]


def test_shows_everything_if_there_is_room() -> None:
    assert shown(300, causes=3) == ["WHOLE"] * 3


def test_shows_what_to_fix_first_whole_and_a_line_of_the_other_causes() -> None:
    assert shown(120, causes=3) == ["WHOLE", "LINE", "LINE"]


def test_shows_what_went_wrong_before_showing_anything_else_whole() -> None:
    assert shown(10 * 100 + 4 * 50, causes=14) == ["WHOLE"] * 10 + ["CULPRIT"] * 4


def test_leaves_out_findings_of_a_shown_cause_before_other_causes() -> None:
    assert shown(120, causes=2, findings=3) == ["WHOLE", "LINE", "", "LINE", "", ""]


def test_shows_nothing_without_room() -> None:
    assert shown(5, causes=2) == ["", ""]
    assert shown(-5, causes=2) == ["", ""]
