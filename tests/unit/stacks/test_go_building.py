"""Builds of Go projects by the real Go: cached, offline, failing with a reason."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.stacks.go_modules import MODULE, VERSION, go_sum, write_proxy
from worksample.errors import BuildFailed
from worksample.sandbox.cache import cache_root
from worksample.stacks import detect
from worksample.stacks.go.toolchain import toolchains

pytestmark = [
    pytest.mark.skipif(not any(toolchains()), reason="Go is not installed"),
    pytest.mark.slow,
]

PROGRAM = f"""package main

import (
	"os"

	"{MODULE}"
)

func main() {{
	println(tiny.Word, len(os.Args), os.Getpid())
}}
"""
PLAIN = PROGRAM.replace(f'\t"{MODULE}"\n', "").replace("tiny.Word", '"plain"')


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache without modules and programs; Go's own library is not compiled for each test."""
    folder = tmp_path / "cache" / "go"
    folder.mkdir(parents=True)
    compiled = cache_root() / "go" / "build"
    compiled.mkdir(parents=True, exist_ok=True)
    (folder / "build").symlink_to(compiled)
    monkeypatch.setenv("GOPROXY", write_proxy(tmp_path / "proxy"))
    monkeypatch.setenv("GOSUMDB", "off")
    return folder.parent


def project(folder: Path, files: Mapping[str, str] | None = None, *, start: str = "") -> Path:
    """Write a project that requires the module of the proxy."""
    written = {
        "go.mod": f"module example.com/app\n\ngo 1.22\n\nrequire {MODULE} {VERSION}\n",
        "go.sum": go_sum(),
        "main.go": PROGRAM,
        **(files or {}),
    }
    if start:
        written["Procfile"] = f"web: {start}\n"
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def build(folder: Path, cache: Path, command: str = "") -> tuple[list[str], list[str]]:
    """Build `folder`; return the titles of its steps and what `command` prints, with its own id."""

    async def body() -> tuple[list[str], list[str]]:
        lines: list[str] = []
        async with detect(folder).build(on_line=lines.append, root=cache) as built:
            titles = [each for each in lines if not each.startswith("$ ")]
            line = command or f"exec {built.detection.start}"
            with subprocess.Popen(
                ["/bin/sh", "-c", line],
                cwd=built.cwd,
                env=dict(built.environment),
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                printed = process.communicate()[1].split()
            return titles, [*printed, str(process.pid)]

    return asyncio.run(body())


def test_unchanged_project_builds_nothing(tmp_path: Path, cache: Path) -> None:
    titles, printed = build(project(tmp_path / "one"), cache)
    assert titles == ["downloading the Go modules", "building ."]
    assert printed[:2] == ["tiny", "1"]
    assert build(project(tmp_path / "two"), cache)[0] == []


def test_changed_source_needs_no_network(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project(tmp_path / "one"), cache)
    monkeypatch.setenv("GOPROXY", "off")
    changed = {"main.go": PROGRAM.replace("tiny.Word", '"changed"+tiny.Word')}
    titles, printed = build(project(tmp_path / "two", changed), cache)
    assert (titles, printed[0]) == (["building ."], "changedtiny")


def test_removed_modules_are_downloaded_again(tmp_path: Path, cache: Path) -> None:
    build(project(tmp_path / "one"), cache)
    shutil.rmtree(cache / "go" / "pkg" / "mod" / "example.com")
    changed = {"main.go": PROGRAM.replace("tiny.Word", '"changed"+tiny.Word')}
    titles, _ = build(project(tmp_path / "two", changed), cache)
    assert titles[0] == "downloading the Go modules"


@pytest.mark.parametrize("start", ["bin/app", "./server", "go run ."])
def test_program_of_a_stated_command_is_built(tmp_path: Path, cache: Path, start: str) -> None:
    _, printed = build(project(tmp_path / "one", start=start), cache, f"exec {start} x")
    # The last is the process that was started: go run would be another one.
    assert printed[:2] == ["tiny", "2"]
    assert printed[2] == printed[3]


def test_other_uses_of_go_still_work(tmp_path: Path, cache: Path) -> None:
    folder = project(tmp_path / "one", {"cmd/x/main.go": PLAIN}, start="go run .")
    _, printed = build(folder, cache, "go run ./cmd/x")
    assert printed[0] == "plain"


def test_migrations_are_built_too(tmp_path: Path, cache: Path) -> None:
    migrations = PLAIN.replace("len(os.Args)", "1")
    folder = project(tmp_path / "one", {"cmd/migrate/main.go": migrations})
    titles, printed = build(folder, cache, ".worksample-bin/migrations")
    assert titles[1:] == ["building ./cmd/migrate", "building ."]
    assert printed[0] == "plain"


def test_workspace_is_built(tmp_path: Path, cache: Path) -> None:
    files = {
        "go.work": "go 1.22\n\nuse (\n\t.\n\t./lib\n)\n",
        "lib/go.mod": "module example.com/lib\n\ngo 1.22\n",
        "lib/lib.go": 'package lib\n\nconst Word = "lib"\n',
        "main.go": PLAIN.replace('"os"', '"os"\n\n\t"example.com/lib"').replace(
            '"plain"', "lib.Word"
        ),
    }
    assert build(project(tmp_path / "one", files), cache)[1][0] == "lib"


def test_own_build_command_runs_first(tmp_path: Path, cache: Path) -> None:
    files = {
        "main.go": PLAIN.replace('"plain"', "word"),
        "worksample.toml": "[build]\n"
        "command = \"printf 'package main\\\\nconst word = 1\\\\n' > word.go\"\n",
    }
    start = "go build -o .worksample-bin/server . && exec .worksample-bin/server"
    titles, printed = build(project(tmp_path / "one", files), cache, start)
    assert titles == ["downloading the Go modules", "the build"]
    assert printed[0] == "1"


def failure(folder: Path, cache: Path) -> BuildFailed:
    with pytest.raises(BuildFailed) as caught:
        build(folder, cache)
    return caught.value


def test_missing_line_in_go_sum_is_told_each_time(tmp_path: Path, cache: Path) -> None:
    folder = project(tmp_path / "one", {"go.sum": ""})
    for _ in range(2):
        assert f"go.sum does not list the module of {MODULE}" in failure(folder, cache).hint


def test_compile_error_has_its_place(tmp_path: Path, cache: Path) -> None:
    folder = project(tmp_path / "one", {"main.go": PROGRAM.replace("len(", "missing(")})
    error = failure(folder, cache)
    assert error.hint == "the Go sources do not compile: see main.go:10"
    assert "undefined: missing" in "".join(error.log)


def test_newer_go_is_asked_for_before_anything_is_run(tmp_path: Path, cache: Path) -> None:
    error = failure(project(tmp_path / "one", {"go.mod": "module x\n\ngo 1.99.1\n"}), cache)
    assert "the project requires Go 1.99.1" in str(error)
    assert not error.command
