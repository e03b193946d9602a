"""How a Java project's own tests are run, and its lines of `worksample doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.stacks.java import STACK
from worksample.stacks.java.machine import machine_tools

TEST = "src/test/java/com/example/CartTest.java"
COLLECT = (
    "; code=$?; mkdir -p {report}; find . -path '*/FOLDER/TEST-*.xml' "
    "-exec cp {} {report} ';'; exit $code"
)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def write_test(folder: Path) -> None:
    (folder / TEST).parent.mkdir(parents=True)
    (folder / TEST).write_text("class CartTest { @Test void adds() {} }")


def test_maven_runs_the_tests_of_one_module(tmp_path: Path) -> None:
    write_test(write(tmp_path, pom_xml="<project/>"))
    plan = STACK.tests(tmp_path)
    assert plan is not None
    assert str(plan.command).startswith("mvn -B ")
    assert str(plan.command).endswith(" test" + COLLECT.replace("FOLDER", "surefire-reports"))
    assert (plan.tool, plan.reasons) == ("Maven", (f"{TEST} has tests",))


def test_maven_goes_on_after_a_module_that_fails(tmp_path: Path) -> None:
    listed = "<project><modules><module>a</module></modules></project>"
    write(tmp_path, pom_xml=listed, a__pom_xml="<project/>")
    write_test(tmp_path / "a")
    plan = STACK.tests(tmp_path)
    assert plan is not None
    assert " test -fae; " in str(plan.command)


def test_gradle_runs_the_tests(tmp_path: Path) -> None:
    write_test(write(tmp_path, build_gradle=""))
    plan = STACK.tests(tmp_path)
    assert plan is not None
    assert str(plan.command).startswith("gradle ")
    assert str(plan.command).endswith(COLLECT.replace("FOLDER", "test-results/test"))


def test_project_without_tests_has_no_plan(tmp_path: Path) -> None:
    assert STACK.tests(tmp_path) is None
    write(tmp_path, pom_xml="<project/>", src__test__java__Helper_java="class Helper {}")
    assert STACK.tests(tmp_path) is None


def test_doctor_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("worksample.stacks.java.machine.jdks", list)
    monkeypatch.setattr("worksample.stacks.java.maven.machine_maven", lambda: None)
    java, maven = machine_tools()
    assert (java.name, java.found, java.essential) == ("Java", False, True)
    assert (maven.name, maven.found, maven.essential) == ("Maven", False, False)
    assert "apt install maven" in maven.remedy
