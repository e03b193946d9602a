"""What the comments of a review are worth."""

from __future__ import annotations

from pathlib import Path

from worksample.tasks.reviewing.form import parsed
from worksample.tasks.reviewing.handed_out import HandedOut
from worksample.tasks.reviewing.judging import Judged, KnownDefect, KnownRequest, judged
from worksample.tasks.reviewing.ranges import Place, changes_between, places_of_defect
from worksample.tasks.reviewing.wording import Wording


def defect(place: Place, *classes: str) -> KnownDefect:
    return KnownDefect("", "a.py", "", 1, "", (), {"a.py": place}, Wording(classes, (), (), ()))


KNOWN = KnownRequest(
    (defect(Place(((50, 52),), ((40, 41),)), "concurrency"),),
    {"a.py": Place(((50, 52), (90, 90)), ((40, 41), (80, 82))), "lib/b.py": Place((), ((5, 5),))},
    HandedOut("tidy-up", {}, {}),
)


def judge(*comments: str) -> Judged:
    review, mistakes = parsed("\n".join(("Verdict: request changes", *comments)), Path("review.md"))
    assert not mistakes
    return judged(review, KNOWN)


def test_comment_near_the_defect_that_mentions_its_class_finds_it() -> None:
    for line in (34, 40, 47, 50, 58):
        assert judge(f"a.py:{line}: blocking: no lock").found == {0}, line
    assert judge("a.py:20-35: blocking: no lock").found == {0}
    assert not judge("a.py:33: blocking: no lock").found
    assert not judge("a.py:59: blocking: no lock").found


def test_path_may_be_written_as_a_diff_or_an_editor_does() -> None:
    for path in ("a.py", "./a.py", "b/a.py", "a/a.py"):
        assert judge(f"{path}:40: blocking: no lock").found == {0}
    assert len(judge("b.py:5: blocking: no lock").false_alarms) == 1


def test_comment_at_the_place_is_no_false_alarm_and_other_classes_do_not_find() -> None:
    found = judge("a.py:40: blocking: N+1", "a.py:41: blocking: this is wrong")
    assert not found.found and not found.false_alarms
    assert len(found.vague) == 1


def test_blocking_comment_on_sound_lines_is_a_false_alarm_unless_it_describes_the_file() -> None:
    assert len(judge("a.py:80: blocking: N+1").false_alarms) == 1
    assert not judge("a.py:80: blocking: no lock").false_alarms
    assert len(judge("lib/b.py:5: blocking: no lock").false_alarms) == 1
    assert not judge("a.py:80: nit: N+1").false_alarms


def test_nit_on_a_defect_does_not_find_it_and_is_told() -> None:
    found = judge("a.py:40: nit: no lock")
    assert (found.found, found.noted) == (set(), {0})
    assert not judge("a.py:40: nit: no lock", "a.py:40: blocking: no lock").noted


def test_comment_that_names_three_classes_is_crowded() -> None:
    found = judge("a.py:40: blocking: race condition, injection, missing authorization")
    assert not found.found
    assert len(found.crowded) == 1


def test_comment_outside_the_change_is_told() -> None:
    found = judge("c.py:1: blocking: no lock", "a.py:200: blocking: no lock")
    assert not found.false_alarms
    assert [text.partition(": ")[0] for text in found.outside] == ["review.md:2", "review.md:3"]


def test_place_of_a_defect_has_both_numbers_and_the_function_around() -> None:
    lines = [b"import os", b"", b"def one():", b"    a = 1", b"    b = 2", b"    return a + b", b""]
    base = {"a.py": b"\n".join(lines)}
    head = {"a.py": b"# new\n# new\n" + b"\n".join([*lines[:4], *lines[5:]])}
    fixed = {"a.py": b"# new\n# new\n" + b"\n".join(lines)}
    place = places_of_defect(base, head, fixed)["a.py"]
    assert place.old == ((5, 5),)
    assert (5, 7) in place.new
    assert changes_between(base, head)["a.py"].new[0] == (1, 2)


def test_place_of_a_removed_file_is_where_it_was() -> None:
    place = places_of_defect({"a.sql": b"x\n"}, {}, {"a.sql": b"x\n"})["a.sql"]
    assert place == Place(((1, 1),))
