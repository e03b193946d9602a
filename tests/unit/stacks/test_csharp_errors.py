"""What the errors of .NET mean, and where in the project's own code they happened.

The logs were printed by .NET 10.0.9, Npgsql 10.0.3, EF Core 10.0.15, Serilog and PostgreSQL 18;
frames of libraries that follow each other are left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.stacks.base import error_places
from worksample.stacks.building import build_cause
from worksample.targets.causes import start_cause

RECORDED = Path(__file__).parent / "recorded" / "csharp-traces.txt"
TRACES = {
    name: text
    for part in RECORDED.read_text().split("---- ")[1:]
    for name, _, text in [part.partition("\n")]
}
PROGRAM = "/tmp/worksample-run-x/app/Program.cs"
NULL = "NullReferenceException: Object reference not set to an instance of an object."
NO_TABLE = 'PostgresException: 42P01: relation "Items" does not exist'
COMPILER = """\
/tmp/worksample-run-x/app/Program.cs(19,13): error CS0103: The name 'undefined' does not exist in \
the current context [/tmp/worksample-run-x/app/Fails.csproj]
"""
NO_TYPE = COMPILER.replace("CS0103: The name 'undefined'", "CS0246: The type 'Shop'")
NO_SDK = """\
/sdk/Microsoft.NET.TargetFrameworkInference.targets(184,5): error NETSDK1045: The current .NET SDK \
does not support targeting .NET 11.0.  Either target .NET 10.0 or lower, or use a version of the \
.NET SDK that supports .NET 11.0. [/app/Fails.csproj]
"""
PINNED = """\
Requested SDK version: 8.0.100
global.json file: /app/global.json
"""
NO_PACKAGE = """\
/app/Fails.csproj : error NU1101: Unable to find package Serilog.Nope. No packages exist with this \
id in source(s): none
"""
LOCKED = """\
/app/Fails.csproj : error NU1004: A new package reference was found Npgsql for the project target \
framework net10.0.The packages lock file is inconsistent with the project dependencies so restore \
can't be run in locked mode.
"""
UNREACHABLE = """\
/app/Fails.csproj : error NU1301: Unable to load the service index for source \
https://nothing.invalid/v3/index.json.
/app/Fails.csproj : error NU1301:   Name or service not known (nothing.invalid:443)
"""
NOT_XML = """\
/app/Fails.csproj(13,1): error MSB4025: The project file could not be loaded. Unexpected end of \
file has occurred. The following elements are not closed: Project, Project. Line 13, position 1.
"""
NO_RUNTIME = """\
You must install or update .NET to run this application.

App: /app/.worksample-out/Fails.dll
Architecture: x64
Framework: 'Microsoft.AspNetCore.App', version '8.0.0' (x64)
.NET location: /usr/share/dotnet
"""
NO_ICU = """\
Process terminated. Couldn't find a valid ICU package installed on the system. Please install \
libicu (or icu-libs) using your package manager and try again.
"""


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (NO_SDK, ".NET 11.0 is required, which the SDK of this machine does not know"),
        (PINNED, "global.json asks for the .NET SDK 8.0.100"),
        (NO_PACKAGE.replace("Serilog.Nope", "Microsoft.NETCore.App.Ref"),
         "targets another version of .NET"),
        (NO_PACKAGE, "no package source has the package Serilog.Nope"),
        (LOCKED, "packages.lock.json does not match the project file"),
        (UNREACHABLE, "https://nothing.invalid/v3/index.json, from which packages are downloaded"),
        ('Skipping project "/app/Nope/Nope.csproj" because it was not found.\n',
         "refers to /app/Nope/Nope.csproj, which is not part of the submission"),
        (NOT_XML, "the project file /app/Fails.csproj(13,1) is not valid XML"),
        (NO_TYPE, "Program.cs(19,13) names a type or namespace that is not there"),
        (COMPILER, "the C# sources do not compile: see Program.cs(19,13)"),
        (COMPILER.replace("CS0103", "ASP0020"), "the C# sources do not compile"),
    ],
)  # fmt: skip
def test_build_causes(log: str, advice: str) -> None:
    assert advice in build_cause(log, "csharp-aspnet")


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (NO_RUNTIME, "the runtime 'Microsoft.AspNetCore.App', version '8.0.0' is not on this"),
        (NO_ICU, "install libicu"),
        (TRACES["https"], "listens on HTTPS without a certificate"),
        (TRACES["port"], "a port that is already in use: listen where ASPNETCORE_URLS says"),
        (TRACES["bad-string"], "Npgsql does not understand the URL in DATABASE_URL"),
        (TRACES["no-string"], "the server has no connection string for its database"),
        (TRACES["refused"], "connects to port 5432, where no database listens"),
        (TRACES["no-host"], "exists only in a network of containers"),
        (TRACES["no-database"], "does not use the database that Worksample provides"),
        (TRACES["wrong-password"], "does not use the database that Worksample provides"),
        (TRACES["tls"], "turn TLS off in the client"),
        (TRACES["no-table"], "the table Items is missing: run the migrations first"),
        (TRACES["service"], "Cart is asked for, but not registered"),
    ],
)  # fmt: skip
def test_start_causes(log: str, advice: str) -> None:
    assert advice in start_cause(log, "csharp-aspnet")


@pytest.mark.parametrize("form", ["console", "serilog", "json", "compact"])
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("direct", f"{PROGRAM}:29: {NULL}"),
        ("nested", f"{PROGRAM}:17: {NO_TABLE}"),
        ("lines", f"{PROGRAM}:18: InvalidOperationException: what"),
    ],
)
def test_place_of_an_exception(form: str, name: str, place: str) -> None:
    assert error_places(TRACES[f"{form} {name}"]) == [place]


def test_every_exception_of_a_log_is_found() -> None:
    found = error_places("".join(TRACES[f"{each} direct"] for each in ("console", "json")))
    assert found == [f"{PROGRAM}:29: {NULL}"] * 2


@pytest.mark.parametrize(
    ("log", "places"),
    [
        (TRACES["setting"], [f"{PROGRAM}:13: InvalidOperationException: Jwt:Key is not set"]),
        (TRACES["setting"].replace("/tmp/worksample-run-x/app", "/_/src/Kestrel"), []),
        (TRACES["tls"].partition("   at ")[0], []),
        (COMPILER, [f"{PROGRAM}:19: CS0103: The name 'undefined' does not exist in the current "
                    "context"]),
    ],
)  # fmt: skip
def test_place_of_other_errors(log: str, places: list[str]) -> None:
    assert error_places(log) == places


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        *("   at a in /x.cs:line 1\n", "A.B.", "System.Exception: ", '"\\n   at ', "   at a in "),
        *("/a.cs(1,2): error ", "\\n   at ", '"x\\n   at \\', "---> "),
    ],
)
def test_malformed_trace_takes_no_time(text: str) -> None:
    assert len(error_places(text * (500_000 // len(text)))) <= 1
