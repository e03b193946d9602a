"""A workspace begins with a starter for the database that was chosen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from worksample.catalogue import answer_validation, load
from worksample.catalogue.answers import STARTERS_ON
from worksample.catalogue.workspace import make_workspace
from worksample.cli import program
from worksample.errors import StarterError
from worksample.services.detection import used_services
from worksample.stacks import load_settings

STACK = "python-fastapi"


def test_chosen_database_brings_its_starter_and_is_written_down(tmp_path: Path) -> None:
    conduit = load("conduit")
    make_workspace(conduit, STACK, tmp_path / "mine", "mysql")
    settings = load_settings(tmp_path / "mine")
    assert conduit.services.choose(settings) == ("mysql",)
    [used] = used_services(tmp_path / "mine")
    assert used.service == "mysql"
    assert "MySQL" in (tmp_path / "mine" / "STARTER.md").read_text()
    assert (tmp_path / "mine" / "Procfile").is_file()


def test_usual_database_changes_no_file_of_the_starter(tmp_path: Path) -> None:
    make_workspace(load("conduit"), STACK, tmp_path / "named", "postgres")
    make_workspace(load("conduit"), STACK, tmp_path / "usual")
    files = [
        {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "named", tmp_path / "usual")
    ]
    assert load_settings(tmp_path / "named").services == {"database": "postgres"}
    for each in files:
        del each["worksample.toml"]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("challenge", "stack", "database", "said"),
    [
        ("conduit", "node-express", "mysql", "no starter for node-express on mysql; available: p"),
        ("conduit", STACK, "oracle", "does not offer the database oracle; it offers postgres or m"),
        ("booking", STACK, "mysql", "does not offer the database mysql; it offers no choice"),
    ],
)
def test_missing_starter_or_database_is_told(
    tmp_path: Path, challenge: str, stack: str, database: str, said: str
) -> None:
    with pytest.raises(StarterError, match=said):
        make_workspace(load(challenge), stack, tmp_path / "mine", database)
    assert not (tmp_path / "mine").exists()


def test_other_kinds_of_work_offer_no_database(tmp_path: Path) -> None:
    arguments = ["start", "conduit", "--kind", "fix", "--stack", STACK, "--database", "mysql"]
    result = CliRunner().invoke(program, [*arguments, str(tmp_path / "mine")])
    assert result.exit_code != 0
    assert not (tmp_path / "mine").exists()


def test_starters_on_other_databases_are_validated(tmp_path: Path) -> None:
    shutil.copytree(load("conduit").starters[STACK], tmp_path / "starters" / STACK)
    for place in (f"mysql/{STACK}", f"oracle/{STACK}", "mysql/perl"):
        (tmp_path / STARTERS_ON / place).mkdir(parents=True)
    found = answer_validation.starters(tmp_path, ["mysql"], needed=True)
    assert [(each.path.relative_to(tmp_path / STARTERS_ON), each.message) for each in found] == [
        (Path("mysql/perl"), "there is no starter perl"),
        (Path("oracle") / STACK, "the challenge offers no other database oracle"),
    ]
