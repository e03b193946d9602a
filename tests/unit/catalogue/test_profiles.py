"""The profiles that a challenge declares, and which of them a run judges by."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from worksample.catalogue.discovery import load, load_folder
from worksample.catalogue.validation import validate
from worksample.checks import BRIEF, Profile
from worksample.errors import UserError, WorkspaceError
from worksample.grading import profile_of
from worksample.grading.kinds import kinds
from worksample.stacks import Settings, load_settings

COUNTER = Path(__file__).parents[2] / "scenarios" / "_catalogue" / "counter"
PUBLIC = (
    '\n[profiles.free]\ntitle = "the free specification"\npublic = true\nremarks = [\n"C1",\n]\n'
)


def counter(to: Path, more: str = PUBLIC) -> Path:
    """Copy a challenge to `to`, with these lines at the end of its challenge.toml."""
    folder = shutil.copytree(COUNTER, to / "counter")
    path = folder / "challenge.toml"
    path.write_text(path.read_text() + more)
    return folder


def mistakes(folder: Path) -> list[str]:
    """Return what `catalogue validate` says of challenge.toml, with lines."""
    found = validate(folder, kinds())
    return [f"{each.line}: {each.message}" for each in found if each.path.suffix == ".toml"]


def test_challenge_without_profiles_is_judged_by_the_brief() -> None:
    challenge = load("booking")
    assert challenge.profiles == (BRIEF,)
    assert profile_of(challenge, Settings()) == BRIEF


def test_challenge_without_a_public_profile_is_judged_by_the_brief() -> None:
    challenge = load_folder(COUNTER)
    assert [profile.id for profile in challenge.profiles] == ["brief", "open"]
    assert profile_of(challenge, Settings()) == BRIEF


def test_public_profile_is_the_default_of_a_folder_that_names_none(tmp_path: Path) -> None:
    challenge = load_folder(counter(tmp_path))
    public = Profile("free", "the free specification", frozenset({"C1"}), public=True)
    assert {BRIEF, public} < set(challenge.profiles)
    assert profile_of(challenge, Settings()) == public
    assert profile_of(challenge, Settings(spec="brief")) == BRIEF
    assert profile_of(challenge, Settings(spec="brief"), "free") == public


def test_unknown_profile_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    challenge = load_folder(counter(tmp_path))
    with pytest.raises(UserError, match="counter has no specification called 'real'") as caught:
        profile_of(challenge, Settings(), "real")
    assert caught.value.hint == (
        "Choose one of these: brief (the brief), open (the open specification of counters), "
        "free (the free specification)."
    )


def test_unknown_profile_in_settings_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "counter"\nspec = "real"\n')
    with pytest.raises(WorkspaceError, match=r"worksample\.toml:2: spec: counter has no spec"):
        profile_of(load_folder(COUNTER), load_settings(tmp_path))


def test_valid_profile_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(counter(tmp_path)) == []


def test_unknown_rule_is_told_with_its_line(tmp_path: Path) -> None:
    folder = counter(tmp_path, PUBLIC.replace("C1", "C99"))
    line = (folder / "challenge.toml").read_text().splitlines().index('"C99",') + 1
    said = "the profile 'free' leaves out 'C99', but the brief has no such rule"
    assert mistakes(folder) == [f"{line}: {said}"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[profiles.brief]\ntitle = "x"\nremarks = []\n', "by which all rules count"),
        ("[profiles.free]\nremarks = []\n", "needs a `title`"),
        ('[profiles.free]\ntitle = "x"\n', "needs `remarks`: a list of rules"),
        ('[profiles.free]\ntitle = "x"\nremarks = "C1"\n', "needs `remarks`: a list of rules"),
        ('[profiles.free]\ntitle = "x"\nremarks = []\nmood = 1\n', "unknown key `mood`"),
        ('[profiles.free]\ntitle = "x"\nremarks = []\npublic = 1\n', "must be true or false"),
        (f"{PUBLIC}{PUBLIC.replace('free', 'other')}", "'free' is public already"),
        ("[profiles]\nodd = 1\n", "must be tables"),
    ],
)
def test_mistake_in_a_profile_is_told(more: str, said: str, tmp_path: Path) -> None:
    found = mistakes(counter(tmp_path, f"\n{more}"))
    assert len(found) == 1
    assert said in found[0]
    assert not found[0].startswith("0:")
