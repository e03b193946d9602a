"""Whether this machine can build Java projects."""

from __future__ import annotations

import pytest

from worksample.stacks.java.jdks import jdks
from worksample.stacks.java.maven import machine_maven

NO_JAVA = pytest.mark.skipif(
    not machine_maven() or not any(each.version[0] >= 17 for each in jdks()),
    reason="Maven or a JDK is not installed",
)
