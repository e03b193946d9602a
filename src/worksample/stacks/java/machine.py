"""What this machine has for Java projects, for `worksample doctor`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from worksample.messages import message
from worksample.stacks.base import Tool
from worksample.stacks.java import maven
from worksample.stacks.java.jdks import INSTALL_HINT, jdks


def machine_tools() -> Iterator[Tool]:
    """Yield Java, Maven and Gradle."""
    found = jdks()
    if not found:
        yield Tool("Java", "no JDK was found", False, INSTALL_HINT, essential=True)
    else:
        first, *others = found
        text = message("JDK {version} from {source}", version=first.text, source=first.source)
        if others:
            more = ", ".join(each.text for each in others)
            text = message("{text}; also here: {more}", text=text, more=more)
        yield Tool("Java", text, essential=True)
    if program := maven.machine_maven():
        yield Tool("Maven", message("found at {program}", program=program))
    else:
        yield Tool("Maven", "not found: only projects with a downloaded wrapper are built", False,
                   maven.INSTALL_HINT)  # fmt: skip
    if gradle := shutil.which("gradle"):
        yield Tool("Gradle", message("found at {program}", program=gradle))
