"""The mark of tests that need MariaDB."""

from __future__ import annotations

import pytest

from worksample.errors import ServiceUnavailable
from worksample.services.mysql.binaries import find_installation


def _missing() -> str:
    try:
        find_installation()
    except ServiceUnavailable as error:
        return error.message
    return ""


needs_mariadb = pytest.mark.skipif(bool(_missing()), reason=_missing() or "MariaDB is here")
