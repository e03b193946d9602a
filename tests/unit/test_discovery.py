"""Plugins: a folder with the layout of the package adds a module to a room."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.reports import accepted
from worksample import discovery, reports
from worksample.cli import program
from worksample.errors import PluginError
from worksample.grading.kinds import kinds
from worksample.services import services
from worksample.stacks.base import stacks
from worksample.wire.protocol import protocols

COMMAND = """
import click

@click.command("hello")
def command() -> None:
    click.echo("hello from a plugin")
"""
FORM = """
TITLE = "Line"
SUFFIX = ".txt"
SUMMARY = "One line."

def render(report):
    return report.run.encode()
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plugin folder, which is forgotten after the test."""
    before = set(sys.modules)
    monkeypatch.setenv(discovery.PLUGINS, str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def test_plugin_adds_a_command(plugins: Path) -> None:
    write(plugins, "cli/hello.py", COMMAND)
    assert CliRunner().invoke(program, ["hello"]).output == "hello from a plugin\n"
    assert "hello" in CliRunner().invoke(program, ["--help"]).output


def test_plugin_adds_a_report_form(plugins: Path) -> None:
    write(plugins, "reports/one_line.py", FORM)
    assert "one_line" in reports.forms()
    assert reports.form("one_line").render(accepted()) == accepted().run.encode()


def test_without_variable_only_own_modules_are_found(
    plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(plugins, "reports/one_line.py", FORM)
    assert "one_line" in reports.forms()
    monkeypatch.delenv(discovery.PLUGINS)
    assert "one_line" not in reports.forms()


def test_own_module_wins_over_plugin_of_the_same_name(plugins: Path) -> None:
    write(plugins, "reports/junit.py", FORM)
    assert reports.forms().count("junit") == 1
    assert reports.form("junit").SUFFIX == ".xml"


def test_broken_plugin_is_named(plugins: Path) -> None:
    write(plugins, "reports/broken.py", "import no_such_module")
    with pytest.raises(PluginError, match=r"worksample\.reports\.broken cannot be imported: Mod"):
        reports.form("broken")


def test_missing_plugin_folder_is_named(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(discovery.PLUGINS, str(plugins / "nowhere"))
    with pytest.raises(PluginError, match="nowhere, which is not a folder"):
        reports.forms()


@pytest.mark.parametrize(
    ("path", "text", "find", "said"),
    [
        ("stacks/x.py", "STACK = 1", stacks, "stacks.x.STACK lacks build_causes, build_vari"),
        (
            "services/x.py",
            "SERVICE = 1",
            services,
            "services.x.SERVICE lacks describe, drivers, ",
        ),
        ("wire/x.py", "PROTOCOL = 1", protocols, "wire.x.PROTOCOL lacks name, server_address, tr"),
        ("grading/kinds/x.py", "KIND = 1", kinds, "kinds.x.KIND lacks id, judge, needs, rank"),
        ("reports/x.py", FORM.replace("TITLE", "NAME"), lambda: reports.form("x"), "x lacks TITLE"),
    ],
    ids=["stack", "service", "protocol", "kind", "form"],
)
def test_incomplete_plugin_is_told_what_it_lacks(
    plugins: Path, path: str, text: str, find: Callable[[], object], said: str
) -> None:
    write(plugins, path, text)
    with pytest.raises(PluginError, match=re.escape(said)) as caught:
        find()
    assert "says what it must have" in caught.value.hint


def test_command_module_without_a_command_is_named(plugins: Path) -> None:
    write(plugins, "cli/empty.py", "")
    result = CliRunner().invoke(program, ["empty"])
    assert isinstance(result.exception, PluginError)
    assert result.exception.message == "worksample.cli.empty lacks command"
