"""What MySQL does by default, and no brief forbids, fails nobody.

Its letters are compared without their case, and its times are whole seconds. $STAGES_SEED chooses
the aspect of which the checks are asked; `STAGES_SEED=all`, for this file alone, asks all of them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from tests.support.checking import WHOLE_CHECK, check, verdicts
from tests.support.solutions import require_solution
from worksample.catalogue import load
from worksample.checks import Aspect

SEED = os.environ.get("STAGES_SEED", "1")
#: What letters and times can make fail.
CHOSEN = (Aspect.BEHAVIOUR, Aspect.CONTRACT, Aspect.SECURITY, Aspect.CONCURRENCY)
ONLY = sorted(Aspect) if SEED == "all" else [random.Random(f"{SEED} defaults").choice(CHOSEN)]
REFERENCE = "node-express-mysql"
#: File -> what is replaced in it, and by what.
DEFAULTS = {
    "migrations/*.sql": {
        r"(datetime|current_timestamp)\(6\)": r"\1",
        r" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin": "",
    },
    "src/articles/store.js": {
        r"greatest\(now\(6\), updated_at \+ INTERVAL 1000 MICROSECOND\)": "now()",
    },
    "src/db/*.js": {"charset: 'utf8mb4_bin'": "charset: 'utf8mb4'"},
}

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(WHOLE_CHECK)]


def by_default(folder: Path) -> None:
    """Take out of the reference what it says beyond MySQL's defaults."""
    for files, changes in DEFAULTS.items():
        for pattern, new in changes.items():
            texts = {path: path.read_text() for path in folder.glob(files)}
            changed = {path: re.sub(pattern, new, text) for path, text in texts.items()}
            assert changed != texts, (files, pattern)
            for path, text in changed.items():
                path.write_text(text)


@pytest.mark.parametrize("only", [ONLY], ids=[f"seed {SEED}: {' '.join(ONLY)}"])
def test_defaults_of_mysql_are_accepted(only: list[str], tmp_path: Path) -> None:
    require_solution("conduit", REFERENCE)
    with load("conduit").answers("a test").whole(REFERENCE) as whole:
        server = shutil.copytree(whole, tmp_path / "conduit")
    by_default(server)
    options = ("--challenge", "conduit", "--spec", "brief", "--only", ",".join(only))
    code, report = check(server, *options)
    assert (code, report["verdict"]) == (0, "accepted"), verdicts(report, "fail")
    assert not verdicts(report, "blocked") | verdicts(report, "undecided")
