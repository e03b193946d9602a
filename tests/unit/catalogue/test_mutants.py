"""The header of a mutant: what it may say, and how a mistake in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.catalogue.mutants import read_mutant
from worksample.errors import CatalogueError

HEADER = """\
defect: CWE-1188
symptom: After last night's update all accounts were gone.
review: {where: app/store.py, says: Accounts are kept in a dictionary.}
killed_by: [accounts-are-stored]
"""


def patch(folder: Path, header: str) -> Path:
    path = folder / "accounts-live-in-memory.patch"
    path.write_text(f"{header}---\n--- a/app/store.py\n+++ b/app/store.py\n")
    return path


def test_mutant_says_whether_it_stays_alone(tmp_path: Path) -> None:
    assert not read_mutant(patch(tmp_path, HEADER)).alone
    assert read_mutant(patch(tmp_path, f"{HEADER}alone: true\n")).alone


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (f"{HEADER}alone: perhaps\n", "`alone` must be true or false"),
        (HEADER.replace("defect: CWE-1188\n", ""), "the header has no defect"),
    ],
)
def test_header_that_cannot_be_used_is_told(tmp_path: Path, header: str, told: str) -> None:
    with pytest.raises(CatalogueError) as error:
        read_mutant(patch(tmp_path, header))
    assert told in error.value.message
