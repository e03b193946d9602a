"""The text of a seal: what it hides, that it is the same each time, and how it tells changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from worksample.catalogue import seal
from worksample.catalogue.seal import mistakes_in, require_intact, sealed, unsealed
from worksample.catalogue.validation import validate
from worksample.errors import BrokenSeal
from worksample.grading.kinds import kinds

CONTENT = b"def solution():\n    return 'the defect'\n" * 4000 + bytes(range(256))
TASK = "booking mend 7"
COUNTER = Path(__file__).parents[3] / "tests" / "scenarios" / "_catalogue" / "counter"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "task.sealed"
    made.write_text(sealed(CONTENT, TASK))
    return made


def told(path: Path) -> list[str]:
    return [str(mistake).removeprefix(f"{path}:") for mistake in mistakes_in(path)]


def edit(path: Path, change: Callable[[list[str]], object]) -> None:
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("content", [b"", b"x", CONTENT], ids=["empty", "byte", "long"])
def test_opens_to_what_was_sealed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "task.sealed"
    path.write_text(sealed(content, TASK))
    assert told(path) == []
    assert unsealed(path, TASK) == content


def test_same_content_for_same_task_is_the_same_text() -> None:
    assert sealed(CONTENT, TASK) == sealed(CONTENT, TASK)


def test_two_tasks_share_no_line_of_data() -> None:
    one, other = (set(sealed(CONTENT, task).splitlines()[3:]) for task in (TASK, "booking mend 8"))
    assert one & other == {each for each in one if each.split()[1].startswith("lines=")}


def test_small_differences_do_not_show_in_the_length() -> None:
    assert len(sealed(CONTENT, TASK)) == len(sealed(CONTENT + b"one more line", TASK))


def test_text_is_lines_without_a_word_of_the_content() -> None:
    text = sealed(CONTENT, TASK)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 85
    assert "solution" not in text
    assert "defect" not in text


def test_windows_line_ends_do_no_harm(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert unsealed(path, TASK) == CONTENT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines.__setitem__(6, lines[6].lower()), ["7: was changed"]),
        (lambda lines: lines.insert(5, ""), ["6: was changed"]),
        (lambda lines: lines.append(lines[-1]), ["was changed", "the seal ends before this line"]),
        (lambda lines: lines.__delitem__(slice(9, None)), ["9: the file ends here; "]),
        (lambda lines: lines.__delitem__(slice(2, None)), ["2: the file ends here, within the"]),
        (lambda lines: lines.__setitem__(1, lines[1] + "1"), ["2: was changed"]),
        (lambda lines: lines.__setitem__(3, "00000000 lines=many"), ["4: was changed"]),
        (lambda lines: lines.clear(), ["1: is not a seal"]),
        (lambda lines: lines.__setitem__(0, "<<<<<<< HEAD"), ["1: is not a seal"]),
        (lambda lines: lines.__setitem__(0, "worksample-seal 2"), ["1: is a seal of version 2;"]),
    ],
    ids=[
        "edit",
        "insert",
        "append",
        "cut",
        "cut-early",
        "task",
        "count",
        "empty",
        "conflict",
        "version",
    ],
)
def test_change_is_told_with_its_line(
    path: Path, change: Callable[[list[str]], object], said: list[str]
) -> None:
    edit(path, change)
    found = "\n".join(told(path))
    for each in said:
        assert each in found
    with pytest.raises(BrokenSeal, match=path.name):
        unsealed(path, TASK)


def test_all_lines_of_all_files_are_told_at_once(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sealed"
    shutil.copyfile(path, other)
    edit(path, lambda lines: lines.__setitem__(slice(4, 6), ["x", "y"]))
    other.write_bytes(b"\xff")
    with pytest.raises(BrokenSeal) as raised:
        require_intact([path, other, tmp_path / "third.sealed"])
    lines = str(raised.value).splitlines()
    names = ["task.sealed:5", "task.sealed:6", "other.sealed:1", "third.sealed:1"]
    assert len(lines) == len(names)
    for line, name in zip(lines, names, strict=True):
        assert line.startswith(f"{tmp_path}/{name}: ")


def test_lines_of_another_seal_are_told(path: Path) -> None:
    other = sealed(CONTENT[::-1], TASK).splitlines()
    edit(path, lambda lines: lines.__setitem__(5, other[5]))
    assert told(path) == []
    with pytest.raises(BrokenSeal, match=r"task\.sealed:3: is not the digest of the contents"):
        unsealed(path, TASK)


def test_seal_of_another_task_is_refused(path: Path) -> None:
    with pytest.raises(BrokenSeal, match=r"task\.sealed:2: the seal was made for the task"):
        unsealed(path, "booking mend 8")


def test_catalogue_validate_tells_broken_seals_of_shipped_tasks(tmp_path: Path) -> None:
    challenge = tmp_path / "counter"
    shutil.copytree(COUNTER, challenge)
    shipped = challenge / "tasks" / "mend" / f"7{seal.SUFFIX}"
    shipped.parent.mkdir(parents=True)
    shipped.write_text(sealed(CONTENT, TASK))
    before = [str(each) for each in validate(challenge, kinds())]
    edit(shipped, lambda lines: lines.__setitem__(4, "0 x"))
    after = [str(each) for each in validate(challenge, kinds())]
    assert set(after) - set(before) == {f"{shipped}:5: was changed"}
