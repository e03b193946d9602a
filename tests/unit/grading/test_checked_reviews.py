"""How many different reviews were checked in a workspace."""

from __future__ import annotations

from pathlib import Path

from worksample.grading.checked_reviews import note_of_reviews
from worksample.grading.workspace import Workspace
from worksample.stacks import Settings
from worksample.tasks.reviewing.form import Review, parsed

FIRST = "Verdict: approve\n"
SECOND = "Verdict: request changes\n\napp.py:3: blocking: Two at once.\napp.py:9: nit: Rename it.\n"


def noted(folder: Path, text: str) -> str:
    return note_of_reviews(Workspace(folder, Settings(), "booking"), review(text))


def review(text: str) -> Review:
    found, mistakes = parsed(text, Path("review.md"))
    assert not mistakes
    return found


def test_first_review_is_not_noted_however_often_it_is_checked(tmp_path: Path) -> None:
    assert [noted(tmp_path, FIRST), noted(tmp_path, FIRST)] == ["", ""]


def test_different_reviews_are_counted_once_each(tmp_path: Path) -> None:
    noted(tmp_path, FIRST)
    two = "2 different reviews were checked here, this one among them"
    assert [noted(tmp_path, SECOND), noted(tmp_path, FIRST)] == [two, two]
    assert noted(tmp_path, SECOND.replace("blocking", "nit")).startswith("3 different")


def test_review_in_another_order_or_layout_is_the_same(tmp_path: Path) -> None:
    verdict, _, first, second = SECOND.splitlines()
    other = f"# My review\n\n- {second}\n\n- {first}\n\n{verdict}\n"
    assert [noted(tmp_path, SECOND), noted(tmp_path, other)] == ["", ""]


def test_folder_that_cannot_be_written_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / ".worksample").write_text("a file, where a folder should be")
    assert [noted(tmp_path, FIRST), noted(tmp_path, SECOND)] == ["", ""]
