"""`check --spec`: what a server is judged by, and commands that judge by the same again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.running import fixed_response_server, worksample
from worksample.catalogue import load
from worksample.catalogue.workspace import make_workspace
from worksample.grading import profile_of
from worksample.stacks import load_settings


@pytest.mark.parametrize("words", [(), (".", ".")])
def test_unknown_specification_is_told_with_those_that_there_are(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = worksample(
        "check", *words, "--challenge", "conduit", "--spec", "realwrold", cwd=tmp_path
    )
    assert done.returncode == 2
    assert "conduit has no specification called 'realwrold'." in done.stderr
    said = " ".join(done.stderr.split())
    assert "brief (the brief), realworld (the public RealWorld specification)" in said
    assert not (tmp_path / ".worksample").exists()


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (("--spec", "realworld"), "--seed 7 --spec realworld"),
        ((), "--seed 7"),
    ],
)
def test_commands_carry_the_specification_that_was_named(
    words: tuple[str, ...], options: str, tmp_path: Path
) -> None:
    (tmp_path / "worksample.toml").write_text('challenge = "conduit"\nspec = "brief"\n')
    with fixed_response_server() as server:
        asked = ("--only", "registering-opens-an-account", "--seed", "7", "--no-html")
        done = worksample("check", "--url", server.url, *asked, *words, cwd=tmp_path)
    assert f"`{options}` repeats the run." in done.stdout
    saved = worksample("report", "--all", cwd=tmp_path)
    assert f"`{options}` repeats the run." in saved.stdout


def test_new_workspace_is_judged_by_the_brief(tmp_path: Path) -> None:
    conduit = load("conduit")
    make_workspace(conduit, "python-fastapi", tmp_path / "mine")
    settings = load_settings(tmp_path / "mine")
    assert settings.spec == "brief"
    assert profile_of(conduit, settings).id == "brief"
    assert profile_of(conduit, load_settings(tmp_path)).id == "realworld"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("large-bodies-are-refused", "judged a remark, not a failure, with --spec realworld"),
        ("nobody-else-deletes-a-comment", "judged what breaks C4 is a remark, not a failure, with"),
    ],
)
def test_explain_says_what_is_only_a_remark(check: str, said: str, tmp_path: Path) -> None:
    done = worksample("explain", check, "--challenge", "conduit", cwd=tmp_path)
    assert said in " ".join(done.stdout.split())
