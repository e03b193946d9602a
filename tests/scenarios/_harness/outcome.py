"""The result of a scenario run, with everything removed that differs between runs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scenarios._harness.workdir import Workdir
from worksample.grading.report import FORMAT

Json = dict[str, Any]
_PROGRESS = re.compile(r" *[\d.]+ (ms|s|min) ")
_REPLACEMENTS = (
    (r"\b\d{8}-\d{6}-[0-9a-f]{4}\b", "<run>"),
    (r"(127\.0\.0\.\d+|localhost|\[::1\]):\d+", r"\1:<port>"),
    (r"\b(port|PORT)( = | \(| )\d{2,5}\b", r"\1\2<port>"),
    (r"worksample-([a-z]+)-[\w]{6,}", r"worksample-\1-<random>"),
    (r"\b20\d\d[-\d]*[T ]?[-\d:.]*\d(Z|\+00:00| UTC)?", "<time>"),
    (r"\bapp_[0-9a-f]{12}\b", "app_<random>"),
    (r"\bline \d+", "line <n>"),
    (r"0x[0-9a-f]+", "0x<address>"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one scenario.

    ended: exit, stdout and stderr of each run of `worksample`.
    kept: the reports that the runs added to the workspace; `pages` holds their HTML.
    left: command lines of processes that outlived the runs.
    folders: temporary folders that outlived the runs.
    memory: peak memory of `worksample` itself, in MB.
    """

    workdir: Workdir
    ended: list[Json]
    kept: list[Json]
    pages: list[str]
    left: list[str]
    folders: list[str]
    memory: int

    @property
    def printed(self) -> str:
        """All output, with each run of white space as one space."""
        text = " ".join(f"{each['stdout']} {each['stderr']}" for each in self.ended)
        return " ".join(text.split())

    def record(self, only: Sequence[str] = ()) -> Json:
        """Return what is compared with the expected report; `only` these keys if any are given."""
        record = self._reports() if self.kept else self._without_report()
        return {key: value for key, value in record.items() if key in only or not only}

    def _reports(self) -> Json:
        found = [
            self._of(report, ended) for report, ended in zip(self.kept, self.ended, strict=True)
        ]
        first = found[0]
        return first if found == [first] * len(found) else {"differing runs": found}

    def _without_report(self) -> Json:
        """Return exit codes, verdict and messages; progress lines are left out."""
        messages = self._lines(self.ended[0]["stderr"])
        return {
            "exit": [each["exit"] for each in self.ended] if self.ended[1:] else self._exit(0),
            "stdout": self._lines(self.ended[0]["stdout"])[:1],
            "stderr": [line for line in messages if line and not _PROGRESS.match(line)],
        }

    def _exit(self, index: int) -> int:
        code: int = self.ended[index]["exit"]
        return code

    def _of(self, report: Json, ended: Json) -> Json:
        problem = report["problem"]
        if problem:
            problem = {**problem, "environment": sorted(problem["environment"])}
            problem["log"] = [line for line in self._lines(problem["log"]) if line[:1] != " "]
        plain: Json = {
            "exit": ended["exit"],
            "verdict": report["verdict"],
            "notes": report["notes"],
            "problem": problem,
            "checks": {each["id"]: _verdict(each) for each in report["checks"]},
            "findings": {
                each["id"]: [_finding(one) for one in each["findings"]]
                for each in report["checks"]
                if each["findings"]
            },
            "remarks": {
                each["id"]: [_finding(one) for one in each["remarks"]]
                for each in report["checks"]
                if each["remarks"]
            },
        }
        cleaned: Json = json.loads(self.clean(json.dumps(plain)))
        return {key: value for key, value in cleaned.items() if value not in (None, [], {})}

    def _lines(self, text: str) -> list[str]:
        return self.clean(text).splitlines()

    def clean(self, text: str) -> str:
        """Return `text` with paths, ports, times and ids replaced by placeholders."""
        names = {
            self.workdir.folder: "<here>",
            self.workdir.cache: "<cache>",
            sys.executable: "<python>",
        }
        for path, name in names.items():
            text = text.replace(str(path), name)
        for pattern, replacement in _REPLACEMENTS:
            text = re.sub(pattern, replacement, text)
        return text


def read_reports(workspace: Path) -> tuple[list[Json], list[str]]:
    """Return the reports of the current format in a workspace, and their pages, oldest first."""
    kept, pages = [], []
    for folder in sorted((workspace / ".worksample" / "runs").glob("*")):
        try:
            report = json.loads((folder / "report.json").read_bytes())
        except ValueError:
            continue
        if isinstance(report, dict) and report.get("format") == FORMAT:
            kept.append(report)
            pages += [each.read_text() for each in folder.glob("report.html")]
    return kept, pages


def _verdict(result: Json) -> str:
    said = str(result["verdict"])
    if result["excused"]:
        said = f"excused {said}"
    if result["blocked_by"]:
        said += f" by {result['blocked_by']}"
    return f"{said}: {result['reason']}" if result["reason"] else said


def _finding(finding: Json) -> Json:
    shown = {key: finding[key] for key in ("expected", "actual", "because") if finding[key]}
    culprit = finding["culprit"]
    if culprit is not None:
        request = finding["exchanges"][culprit]["request"]
        shown["culprit"] = f"{request['method']} {request['target']}"
    for figure in finding["figures"]:
        shown[figure["title"]] = [_beat(each) for each in figure["beats"]]
    return shown


def _beat(beat: Json) -> str:
    who, note = "AB"[beat["actor"]], beat["note"]
    return f"{who} {beat['text']}" + (f" ({note})" if note else "")
