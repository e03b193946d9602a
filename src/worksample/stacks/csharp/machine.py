"""What this machine has for C# projects, for `worksample doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from worksample.messages import message
from worksample.stacks.base import Tool
from worksample.stacks.csharp.migrations import find_ef
from worksample.stacks.csharp.sdks import INSTALL_HINT, installations


def machine_tools() -> Iterator[Tool]:
    """Yield the .NET SDK, then the tool of EF Core."""
    found = list(installations())
    if not found:
        yield Tool(".NET", "not found", False, INSTALL_HINT, essential=True)
        return
    first, *others = found
    text = message("SDK {version} from {source}", version=first.text, source=first.source)
    if not first.runtimes:
        text = message("{text}, without ASP.NET Core", text=text)
    if others:
        more = ", ".join(each.text for each in others)
        text = message("{text}; also here: {more}", text=text, more=more)
    yield Tool(".NET", text, essential=True)
    if tool := find_ef():
        yield Tool("dotnet-ef", str(tool))
    else:
        yield Tool(
            "dotnet-ef",
            "not found; only for migrations of EF Core that a server does not make itself",
            False,
            "dotnet tool install --global dotnet-ef",
        )
