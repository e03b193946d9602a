"""Which services a challenge needs, and which of them a workspace chooses."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from worksample.catalogue.answers import Answers
from worksample.catalogue.discovery import load_folder
from worksample.catalogue.services import ServiceNeeds, mistakes_in
from worksample.catalogue.solutions import base_of, stack_of
from worksample.catalogue.validation import validate
from worksample.errors import BrokenChallenge, WorkspaceError
from worksample.grading.kinds import kinds
from worksample.stacks import Settings, load_settings

COUNTER = Path(__file__).parents[2] / "scenarios" / "_catalogue" / "counter"
NEEDS = 'services = { required = ["postgres"], optional = ["valkey"] }\n'
TABLE = {"database": ["postgres", "mysql"], "required": ["redis"], "optional": ["mailbox"]}


def test_list_of_names_is_required() -> None:
    needs = ServiceNeeds.read(["postgres"])
    assert needs == ServiceNeeds(("postgres",))
    assert needs.choose(Settings()) == needs.names == ("postgres",)


def test_first_of_a_choice_is_the_default() -> None:
    needs = ServiceNeeds.read(TABLE)
    assert needs.choose(Settings()) == ("postgres", "redis")
    assert needs.names == ("postgres", "mysql", "redis", "mailbox")


def test_workspace_chooses_and_adds_optional_services() -> None:
    settings = Settings(services={"database": "mysql", "optional": ("mailbox",)})
    chosen = ServiceNeeds.read(TABLE).choose(settings)
    assert chosen == ("mysql", "redis", "mailbox")


@pytest.mark.parametrize(
    "settings, chosen",
    [({}, ("postgres", "redis", "mailbox")), ({"optional": ()}, ("postgres", "redis"))],
    ids=["nothing said", "none wanted"],
)
def test_optional_service_that_the_project_uses_is_started_unless_it_is_left_out(
    settings: dict[str, Any], chosen: tuple[str, ...]
) -> None:
    needs = ServiceNeeds.read(TABLE)
    assert needs.choose(Settings(services=settings), ["mailbox"]) == chosen


@pytest.mark.parametrize(
    "settings, are_open",
    [
        ({}, True),
        ({"database": "mysql"}, True),
        ({"optional": ()}, True),
        ({"database": "mysql", "optional": ("mailbox",)}, False),
    ],
)
def test_choices_are_open_until_all_are_made(settings: dict[str, Any], are_open: bool) -> None:
    assert ServiceNeeds.read(TABLE).are_open(Settings(services=settings)) is are_open


@pytest.mark.parametrize(
    "settings", [{"database": "oracle"}, {"cache": "redis"}, {"optional": ("redis",)}]
)
def test_rejects_what_the_challenge_does_not_offer(settings: dict[str, object]) -> None:
    with pytest.raises(WorkspaceError, match="does not offer") as caught:
        ServiceNeeds.read(TABLE).choose(Settings(services=settings))
    assert "database: postgres, mysql; optional: mailbox" in caught.value.hint


def test_rejection_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('[services]\ndatabase = "oracle"\n')
    with pytest.raises(WorkspaceError, match=r"worksample\.toml:2: services\.database"):
        ServiceNeeds.read(TABLE).choose(load_settings(tmp_path))


def test_names_every_mistake_in_a_table() -> None:
    table = {"database": [], "required": "redis", "optional": ["mailbox"]}
    assert list(mistakes_in(table, ["postgres"])) == [
        "`services.database` must name at least one service to choose",
        "`services.required` must be a list of names",
        "no service is called `mailbox`; there are postgres",
    ]


@pytest.fixture
def counter(tmp_path: Path) -> Path:
    """A copy of a challenge that needs an unknown service."""
    folder = shutil.copytree(COUNTER, tmp_path / "counter")
    path = folder / "challenge.toml"
    text = path.read_text().replace(NEEDS, "")
    path.write_text(text + '\n[services]\ndatabase = ["postgres", "orakel"]\n')
    return folder


def test_validate_names_file_and_line_of_an_unknown_service(counter: Path) -> None:
    path = counter / "challenge.toml"
    line = path.read_text().splitlines().index('database = ["postgres", "orakel"]') + 1
    found = [each for each in validate(counter, kinds()) if each.path == path]
    assert [(each.line, each.message) for each in found] == [
        (line, "no service is called `orakel`; there are mysql, postgres, valkey")
    ]


def test_check_names_file_and_line_of_an_unknown_service(counter: Path) -> None:
    with pytest.raises(
        BrokenChallenge, match=r"challenge\.toml:\d+: no service is called `orakel`"
    ):
        load_folder(counter).require_services(["postgres"])


def test_solution_states_its_stack(tmp_path: Path) -> None:
    folder = tmp_path / "python-fastapi-mysql"
    folder.mkdir()
    assert stack_of(folder) == "python-fastapi-mysql"
    (folder / "solution.toml").write_text('stack = "python-fastapi"\n')
    assert stack_of(folder) == "python-fastapi"
    (folder / "solution.toml").write_text("")
    with pytest.raises(BrokenChallenge, match=r"solution\.toml:1: the key `stack` is missing"):
        stack_of(folder)


def solution_in(folder: Path, settings: str = "", **files: str) -> Path:
    """Write a solution with these files (`name.js` as `name_js`) into the new folder `folder`."""
    folder.mkdir(parents=True)
    if settings:
        (folder / "solution.toml").write_text(settings)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def test_solution_over_another_is_copied_over_it(tmp_path: Path) -> None:
    place = tmp_path / "solutions"
    base = solution_in(place / "node", app_js="app", store_js="postgres")
    over = solution_in(place / "node-mysql", 'stack = "node"\nbase = "node"\n', store_js="mysql")
    answers = Answers(tmp_path)
    assert (base_of(over), base_of(base)) == (base, None)
    assert answers.families == {"node": ("node", "node-mysql")}
    copy = answers.copy("node-mysql", tmp_path / "copy")
    assert ((copy / "app.js").read_text(), (copy / "store.js").read_text()) == ("app", "mysql")
    with answers.whole("node-mysql") as whole:
        assert (whole / "app.js").read_text() == "app"
    with answers.whole("node") as whole:
        assert whole == base


@pytest.mark.parametrize("named", ["perl", "over", "other"])
def test_base_must_be_a_whole_solution(tmp_path: Path, named: str) -> None:
    solution_in(tmp_path / "other", 'stack = "node"\nbase = "node"\n')
    folder = solution_in(tmp_path / "over", f'stack = "node"\nbase = "{named}"\n')
    with pytest.raises(BrokenChallenge, match="`base` must be a solution beside it"):
        base_of(folder)


def test_challenge_without_services_requires_none(tmp_path: Path) -> None:
    counter = shutil.copytree(COUNTER, tmp_path / "counter")
    path = counter / "challenge.toml"
    path.write_text(path.read_text().replace(NEEDS, ""))
    challenge = load_folder(counter)
    challenge.require_services([])
    assert challenge.services.choose(Settings()) == ()
