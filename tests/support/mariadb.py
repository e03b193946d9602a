"""The mark of tests that need MariaDB."""

from __future__ import annotations

import pytest

from worksample.errors import ServiceUnavailable
from worksample.services.mysql.binaries import find_installation


def missing_mariadb() -> str:
    """Return why MariaDB is not here, "" if it is."""
    try:
        find_installation()
    except ServiceUnavailable as error:
        return error.message
    return ""


needs_mariadb = pytest.mark.skipif(
    bool(missing_mariadb()), reason=missing_mariadb() or "MariaDB is here"
)
