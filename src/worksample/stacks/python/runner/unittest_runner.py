"""Run tests of unittest and write a JUnit report: `python unittest_runner.py REPORT [ARGUMENT...]`.

The arguments are those of `python -m unittest discover`. A Django project uses `DjangoRunner` as
its test runner instead, with the report's path in WORKSAMPLE_TEST_REPORT. This file runs with the
project's own Python, of any version since 3.8, and imports nothing but the standard library.
"""

from __future__ import annotations

import os
import sys
import time
import unittest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree


class ReportingResult(unittest.TextTestResult):
    """Prints results as unittest does, and collects them as elements of a JUnit report."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.suite = ElementTree.Element("testsuite", {"name": "unittest"})
        self._started = time.perf_counter()

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Remember when `test` started."""
        self._started = time.perf_counter()
        super().startTest(test)

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Record a test that passed."""
        super().addSuccess(test)
        self._case(test)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Record a test whose assertion failed."""
        super().addFailure(test, err)
        self._case(test, "failure", self._text(err, test))

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Record a test, module or class that raised another exception."""
        super().addError(test, err)
        self._case(test, "error", self._text(err, test))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """Record a test that was skipped."""
        super().addSkip(test, reason)
        self._case(test, "skipped", reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Record a test that failed as it says it does."""
        super().addExpectedFailure(test, err)
        self._case(test, "skipped", "expected to fail")

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """Record a test that passed although it says that it fails."""
        super().addUnexpectedSuccess(test)
        self._case(test, "failure", "expected to fail, but passed")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        """Record a subtest that failed."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self._case(subtest, "failure" if failed else "error", self._text(err, test))

    def _text(self, err: Any, test: Any) -> str:
        return str(self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    def _case(self, test: Any, tag: str = "", message: str = "") -> None:
        seconds = time.perf_counter() - self._started
        attributes = {"name": test.id(), "time": f"{seconds:.6f}"}
        case = ElementTree.SubElement(self.suite, "testcase", attributes)
        if tag:
            ElementTree.SubElement(case, tag).text = message

    def write(self, path: str) -> None:
        """Write the report to `path`."""
        ElementTree.ElementTree(self.suite).write(path, encoding="utf-8", xml_declaration=True)


class ReportingRunner(unittest.TextTestRunner):
    """Runs a suite and writes the report to the path in WORKSAMPLE_TEST_REPORT."""

    resultclass = ReportingResult

    def run(self, test: Any) -> Any:
        """Run `test`; write the report also if the run is interrupted."""
        made: list[ReportingResult] = []
        factory = self._makeResult
        self._makeResult = lambda: made.append(factory()) or made[-1]  # type: ignore
        try:
            return super().run(test)
        finally:
            for each in made:
                each.write(os.environ["WORKSAMPLE_TEST_REPORT"])


try:
    from django.test.runner import DiscoverRunner  # type: ignore[import-untyped,unused-ignore]
except ImportError:
    pass
else:

    class DjangoRunner(DiscoverRunner):  # type: ignore[misc]
        """Django's own test runner, with a report."""

        test_runner = ReportingRunner

        def get_resultclass(self) -> type[ReportingResult]:
            """Return the class that collects the report."""
            return ReportingResult


if __name__ == "__main__":
    os.environ["WORKSAMPLE_TEST_REPORT"] = sys.argv.pop(1)
    sys.path[0] = str(Path.cwd())  # as with `python -m unittest`
    unittest.main(module=None, argv=["unittest", "discover", *sys.argv[1:]],
                  testRunner=ReportingRunner)  # fmt: skip
