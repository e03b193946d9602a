"""How C# projects are recognised: the server, its configuration, and its migrations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from worksample.errors import CannotBuildHere, WorkspaceError
from worksample.stacks import detect
from worksample.stacks.base import Detection
from worksample.stacks.csharp.commands import OUT, stand_in
from worksample.stacks.csharp.projects import Project
from worksample.stacks.csharp.sdks import Pinned, find_dotnet, installations

WEB = '<Project Sdk="Microsoft.NET.Sdk.Web">{}</Project>'
LIBRARY = '<Project Sdk="Microsoft.NET.Sdk">{}</Project>'
TARGET = "<PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>"
TESTS = '<ItemGroup><PackageReference Include="xunit" Version="2.9.3" /></ItemGroup>'
NPGSQL = '<ItemGroup><PackageReference Include="Npgsql" Version="10.0.3" /></ItemGroup>'
EF_SNAPSHOT = "partial class ShopModelSnapshot : ModelSnapshot {}"


def project(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def detected(folder: Path, files: Mapping[str, str]) -> Detection:
    return detect(project(folder, files)).detection


def test_only_web_project_is_the_server(tmp_path: Path) -> None:
    found = detected(
        tmp_path,
        {
            "Shop.slnx": "<Solution />",
            "src/Shop.Api/Shop.Api.csproj": WEB.format(TARGET),
            "src/Shop.Domain/Shop.Domain.csproj": LIBRARY.format(TARGET),
            "tests/Shop.Tests/Shop.Tests.csproj": WEB.format(TESTS),
            "src/Shop.Api/obj/Old.csproj": WEB.format(""),
        },
    )
    assert found.stack == "csharp-aspnet"
    assert found.start == f"cd {OUT} && exec dotnet Shop.Api.dll"
    assert found.reasons == (
        "the projects of Shop.slnx",
        "the server is published from src/Shop.Api/Shop.Api.csproj",
    )
    assert found.environment == {"ASPNETCORE_URLS": "http://{host}:{port}"}


def test_program_has_the_name_that_the_project_states(tmp_path: Path) -> None:
    named = "<PropertyGroup><AssemblyName>shop</AssemblyName></PropertyGroup>"
    assert detected(tmp_path, {"Api.csproj": WEB.format(named)}).start == (
        f"cd {OUT} && exec dotnet shop.dll"
    )


@pytest.mark.parametrize(
    "text",
    [
        '<Project><Sdk Name="Microsoft.NET.Sdk.Web" /></Project>',
        LIBRARY.format(
            "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup>"
            '<FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>'
        ),
    ],
)
def test_other_forms_of_a_web_project(tmp_path: Path, text: str) -> None:
    assert detected(tmp_path, {"Api.csproj": text}).stack == "csharp-aspnet"


def test_two_web_projects_must_be_chosen_from(tmp_path: Path) -> None:
    files = {"src/Admin/Admin.csproj": WEB.format(""), "src/Api/Api.csproj": WEB.format("")}
    with pytest.raises(WorkspaceError) as caught:
        detected(tmp_path, files)
    assert "has 2 web servers: src/Admin/Admin.csproj, src/Api/Api.csproj" in str(caught.value)
    assert 'command = "dotnet run --project src/Api/Api.csproj"' in caught.value.hint


@pytest.mark.parametrize(
    "command",
    ["dotnet run --project src/Api", "exec dotnet run --project=src/Api/Api.csproj -c Release",
     "dotnet out/Api.dll --urls http://0.0.0.0:$PORT"],
)  # fmt: skip
def test_stated_command_chooses(tmp_path: Path, command: str) -> None:
    files = {"src/Admin/Admin.csproj": WEB.format(""), "src/Api/Api.csproj": WEB.format("")}
    found = detected(tmp_path, {**files, "Procfile": f"web: {command}\n"})
    assert (found.stack, found.start) == ("csharp-aspnet", command)
    assert "the server is published from src/Api/Api.csproj" in found.reasons


def test_folder_without_web_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"C# projects \(Cart.csproj\), but no web server"):
        detected(tmp_path, {"Cart.csproj": LIBRARY.format(TARGET)})


def test_invalid_project_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"Api\.csproj cannot be read"):
        detected(tmp_path, {"Api.csproj": "<Project>"})


def test_own_build_is_kept(tmp_path: Path) -> None:
    found = detected(
        tmp_path,
        {"Api.csproj": WEB.format(""), "worksample.toml": '[build]\ncommand = "make"\n'},
    )
    assert found.start == (
        f"dotnet publish Api.csproj -c Release -o {OUT} && cd {OUT} && exec dotnet Api.dll"
    )


def test_addresses_of_the_configuration_are_replaced(tmp_path: Path) -> None:
    settings = """{
        "Urls": "http://localhost:5080", // a comment
        "Kestrel": { "Endpoints": { "Https": { "Url": "https://localhost:5081" },
                                    "Web": { "Url": "http://localhost:5080" } } }
    }"""
    found = detected(tmp_path, {"Api.csproj": WEB.format(""), "appsettings.json": settings})
    url = "http://{host}:{port}"
    assert found.environment == {
        "ASPNETCORE_URLS": url,
        "URLS": url,
        "Kestrel__Endpoints__Web__Url": url,
    }


@pytest.mark.parametrize(
    ("package", "service"), [("Npgsql", "postgres"), ("MySqlConnector", "mysql"), ("Dapper", "")]
)
def test_connection_strings_lead_to_the_database(
    tmp_path: Path, package: str, service: str
) -> None:
    strings = {"Shop": "Host=localhost;Database=shop", "Redis": "localhost:6379", "Events": ""}
    found = detected(
        tmp_path,
        {
            "Api.csproj": WEB.format(NPGSQL.replace("Npgsql", package)),
            "appsettings.json": json.dumps({"ConnectionStrings": strings}),
            "Program.cs": 'builder.Configuration.GetConnectionString("Orders");\n'
            'builder.Configuration.GetConnectionString("RedisCache");\n',
        },
    )
    names = ("Events", "Orders", "Shop") if service else ()
    assert found.environment == {
        "ASPNETCORE_URLS": "http://{host}:{port}",
        **{f"ConnectionStrings__{name}": f"{{{service}.ado}}" for name in names},
    }


@pytest.mark.parametrize(
    ("files", "release"),
    [
        ({"Program.cs": "await db.Database.MigrateAsync();"}, ""),
        ({".config/dotnet-tools.json": '{"tools": {"dotnet-ef": {}}}'},
         "dotnet tool restore && dotnet ef database update --project Api.csproj "
         "--startup-project Api.csproj --configuration Release"),
        ({"worksample.toml": '[run]\nrelease = "make migrate"\n'}, "make migrate"),
    ],
)  # fmt: skip
def test_migrations_that_no_code_applies_are_released(
    tmp_path: Path, files: dict[str, str], release: str
) -> None:
    snapshot = {"Migrations/ShopModelSnapshot.cs": EF_SNAPSHOT}
    found = detected(tmp_path, {"Api.csproj": WEB.format(NPGSQL), **snapshot, **files})
    assert (found.release, found.warnings) == (release, ())


def test_migrations_without_their_tool_are_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("HOME", str(tmp_path))
    snapshot = {"Migrations/ShopModelSnapshot.cs": EF_SNAPSHOT}
    found = detected(tmp_path / "app", {"Api.csproj": WEB.format(NPGSQL), **snapshot})
    assert found.release == ""
    assert "Api.csproj has migrations that no code applies" in found.warnings[0]


def sdk(folder: Path, sdk: str, runtime: str) -> dict[str, str]:
    """Write a .NET of these versions; return the variables that name it."""
    (folder / "sdk" / sdk).mkdir(parents=True)
    (folder / "shared" / "Microsoft.AspNetCore.App" / runtime).mkdir(parents=True)
    (folder / "dotnet").write_text("")
    return {"DOTNET_ROOT": str(folder), "PATH": "/nonexistent"}


def read(folder: Path, properties: str) -> Project:
    path = folder / "Api.csproj"
    path.write_text(WEB.format(f"<PropertyGroup>{properties}</PropertyGroup>"))
    return Project.read(path)


@pytest.fixture
def only_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables of a machine that has .NET 8.0.111 and nothing else."""
    monkeypatch.setattr("worksample.stacks.csharp.sdks.USUAL_PLACES", ())
    return sdk(tmp_path / "dotnet", "8.0.111", "8.0.11")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ("<TargetFramework>net8.0</TargetFramework>", ""),
        ("<TargetFrameworks>net8.0;net6.0</TargetFrameworks>", ""),
        ("<TargetFramework>net9.0</TargetFramework>", "targets .NET 9.0; the newest SDK"),
        ("<TargetFramework>net6.0</TargetFramework>", "targets .NET 6.0, whose runtime"),
        ("<TargetFramework>net6.0</TargetFramework><RollForward>Major</RollForward>", ""),
        ("<TargetFramework>$(Version)</TargetFramework>", ""),
    ],
)
def test_target_framework_must_be_here(
    tmp_path: Path, only_sdk: dict[str, str], properties: str, words: str
) -> None:
    server = read(tmp_path, properties)
    if not words:
        assert find_dotnet([server], None, only_sdk).text == "8.0.111"
        return
    with pytest.raises(CannotBuildHere) as caught:
        find_dotnet([server], None, only_sdk)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("version", "policy", "allowed"),
    [
        ("8.0.100", "latestPatch", True),
        ("8.0.112", "latestPatch", False),
        ("8.0.200", "latestFeature", False),
        ("8.0.100", "latestFeature", True),
        ("7.0.100", "latestMinor", False),
        ("7.0.100", "latestMajor", True),
        ("8.0.100", "disable", False),
        ("8.0.111", "disable", True),
    ],
)
def test_pinned_sdk(
    tmp_path: Path, only_sdk: dict[str, str], version: str, policy: str, allowed: bool
) -> None:
    stated = {"sdk": {"version": version, "rollForward": policy}}
    (tmp_path / "global.json").write_text(json.dumps(stated))
    pinned = Pinned.around((tmp_path,))
    assert pinned is not None
    if allowed:
        assert find_dotnet([], pinned, only_sdk).sdks == ((8, 0, 111),)
        return
    with pytest.raises(CannotBuildHere, match=f"global.json asks for the .NET SDK {version}"):
        find_dotnet([], pinned, only_sdk)


def test_machine_without_sdk_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worksample.stacks.csharp.sdks.USUAL_PLACES", ())
    variables = {"PATH": "/nonexistent", "HOME": str(tmp_path)}
    assert not list(installations(variables))
    with pytest.raises(CannotBuildHere) as caught:
        find_dotnet([], None, variables)
    assert "dotnet.microsoft.com" in caught.value.hint


@pytest.mark.parametrize(
    ("command", "started"),
    [
        ("run", "Api.dll"),
        (
            "run --project src/Api -c Release --no-build -- --urls=http://x y",
            "Api.dll --urls=http://x y",
        ),
        ("run --project=./src/Api/Api.csproj --urls=http://x", "Api.dll --urls=http://x"),
        ("bin/Release/Api.dll migrate", "Api.dll migrate"),
        ("run --project src/Migrate -- up", "run --project src/Migrate -- up"),
        ("ef database update", "ef database update"),
        ("other/Tool.dll", "other/Tool.dll"),
    ],
)
def test_stand_in_starts_the_server_and_nothing_else(
    tmp_path: Path, command: str, started: str
) -> None:
    project(tmp_path, {"src/Api/Api.csproj": WEB.format(""), "real": '#!/bin/sh\necho "$@"\n'})
    (tmp_path / OUT).mkdir()
    (tmp_path / "real").chmod(0o755)
    script = stand_in(Project.read(tmp_path / "src/Api/Api.csproj"), tmp_path, tmp_path / "real")
    (tmp_path / "dotnet").write_text(script)
    done = subprocess.run(
        ["/bin/sh", "dotnet", *command.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == (started, "")
