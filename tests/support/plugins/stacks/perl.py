"""A language in one file, to prove that a language needs no more: Perl.

The tests put the folder above into WORKSAMPLE_PLUGINS; nothing in src/ knows this file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from worksample.errors import BuildFailed
from worksample.sandbox.query import first_line_of
from worksample.stacks.base import Detection, Stack, Tool
from worksample.stacks.building import BuildContext
from worksample.stacks.causes import Cause
from worksample.stacks.settings import CommandLine, Settings
from worksample.stacks.testing import REPORT, Outcome, TestPlan, TestResult, UnreadableReport

SERVER = "server.pl"
INSTALL_HINT = "install Perl: your system's packages have it"
# TAP, the protocol of Perl's tests: "not ok 2 - adds # SKIP later". The loop names each file.
RUN_TESTS = f'for t in t/*.t; do echo "# file $t"; perl "$t"; echo "# exit $?"; done > {REPORT}'
TAP_LINE = re.compile(r"(not )?ok\b ?\d* ?(?:- )?([^#]*)(?:# ?(skip|todo)\b ?(.*))?", re.IGNORECASE)


class PerlStack(Stack):
    """Servers in Perl, without packages from CPAN."""

    name = "perl"
    marker_files = SERVER
    plan_skills: Mapping[str, tuple[str, ...]] = {"perl": ("rest",)}
    build_causes = (
        Cause(r"syntax error at (\S+ line \d+)", "Perl cannot compile {found}: the log says why"),
    )
    start_causes = (
        Cause(
            r"Can't locate (\S+) in @INC",
            "the module {found} was not found: put it into lib/, since packages are not installed",
        ),
    )
    build_variables = ("PERL5LIB", "PERL_*")
    server_variables: Mapping[str, str] = {"PLACK_ENV": "deployment"}
    generated_names = frozenset(("blib",))
    library_folders = ("perl5",)

    def detect(self, folder: Path, settings: Settings, start: CommandLine) -> Detection | None:
        """See `worksample.stacks.base.Stack`."""
        if not (folder / SERVER).is_file():
            return None
        return Detection(
            "perl",
            (f"{SERVER} is the program to run",),
            start or f"perl {SERVER}",
            build=(f"perl -c {SERVER}",),
            environment={
                "LISTEN": "{host}:{port}",
                "SHARE": "{folder}/share",
                "CACHE": "{cache.url}",  # of a service that no run has
            },
        )

    async def prepare(self, context: BuildContext) -> dict[str, str]:
        """See `worksample.stacks.base.Stack`."""
        path = context.environment.get("PATH", "/usr/bin:/bin")
        if not shutil.which("perl", path=path):
            raise BuildFailed("Perl is not installed on this machine", hint=INSTALL_HINT)
        return {"PATH": path, "PERL5LIB": str(context.folder / "lib")}

    def tests(self, folder: Path) -> TestPlan | None:
        """See `worksample.stacks.base.Stack`."""
        if not any(folder.glob("t/*.t")):
            return None
        return TestPlan("TAP", RUN_TESTS, read_tap, ("tests in t/",))

    def error_places(self, log: str) -> list[str]:
        """See `worksample.stacks.base.Stack`."""
        found = re.findall(r"^(.*) at (\S+) line (\d+)", log, re.MULTILINE)
        return [f"{file}:{line}: {error}" for error, file, line in found]

    def tools(self) -> Iterable[Tool]:
        """See `worksample.stacks.base.Stack`."""
        version = first_line_of("perl", "-e", "print $^V")
        yield Tool("Perl", version or "not found", bool(version), INSTALL_HINT, essential=True)


def read_tap(text: str) -> Iterator[TestResult]:
    """Yield the result of each test of each file; a file that died is a result too."""
    if not text.startswith("# file "):
        raise UnreadableReport("it does not begin with the name of a file")
    file, count = "", 0
    for line in text.splitlines():
        if line.startswith("# file "):
            file, count = line.removeprefix("# file "), 0
        elif line.startswith("# exit ") and line != "# exit 0" and not count:
            yield TestResult(file, Outcome.ERROR, message="the file ran no test")
        elif match := TAP_LINE.match(line):
            count += 1
            failed, name, directive, why = match.groups()
            outcome = Outcome.FAILED if failed else Outcome.PASSED
            outcome = Outcome.SKIPPED if directive else outcome
            yield TestResult(f"{file} > {name.strip()}", outcome, message=why or "")


STACK = PerlStack()
