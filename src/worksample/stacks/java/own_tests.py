"""How a Java project's own tests are run: by Maven or Gradle, which write JUnit XML."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from worksample.messages import message
from worksample.stacks.java import gradle
from worksample.stacks.java.pom import Project
from worksample.stacks.java.sources import source_files
from worksample.stacks.junit import read_junit
from worksample.stacks.testing import REPORT, TestPlan

_TEST_FOLDER = Path("src", "test")
#: `@Test`, and those of other annotations that end like it: `@ParameterizedTest`.
_TEST = re.compile(r"@\w*Test")
#: Each class has a report of its own, in the folder of its module.
_COLLECT = (
    "code=$?; mkdir -p {report}; find . -path '*/{folder}/TEST-*.xml' "
    "-exec cp {{}} {report} ';'; exit $code"
)
_MAVEN = "mvn -B -ntp -Dstyle.color=never -Dmaven.test.failure.ignore=false test"
_GRADLE = "gradle --no-daemon --console=plain --continue test"


def test_plan(folder: Path) -> TestPlan | None:
    """See `worksample.stacks.base.Stack.tests`."""
    project = Project.around(folder, [])
    if project is None and not gradle.build_file(folder):
        return None
    modules = [each.folder for each in project.poms] if project else [folder]
    found = next(test_sources(folder), None)
    if found is None:
        return None
    tool, command, reports = (
        ("Maven", f"{_MAVEN} -fae" if len(modules) > 1 else _MAVEN, "surefire-reports")
        if project
        else ("Gradle", _GRADLE, "test-results/test")
    )
    collect = _COLLECT.format(report=REPORT, folder=reports)
    reason = message("{file} has tests", file=os.path.relpath(found, folder))
    return TestPlan(tool, f"{command}; {collect}", read_junit, (reason,))


def test_sources(folder: Path) -> Iterator[Path]:
    """Yield the sources of the tests of the project in `folder`, module by module."""
    project = Project.around(folder, [])
    for module in [each.folder for each in project.poms] if project else [folder]:
        for path in source_files(module / _TEST_FOLDER):
            if path.suffix == ".java" and _TEST.search(_text(path)):
                yield path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
