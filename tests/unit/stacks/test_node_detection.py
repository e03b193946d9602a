"""Detection of Node projects: stack, start command, build, migrations, package manager."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import Detection, detect
from worksample.stacks.node.package import Package


def detect_package(folder: Path, package: dict[str, Any], *files: str) -> Detection:
    (folder / "package.json").write_text(json.dumps(package))
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return detect(folder).detection


EXPRESS = {"express": "^5"}


def test_start_script_is_the_start_command(tmp_path: Path) -> None:
    package = {"scripts": {"start": "node src/main.js"}, "dependencies": EXPRESS}
    found = detect_package(tmp_path, package, "package-lock.json", "src/main.js")
    assert (found.stack, found.start, found.build) == ("node-express", "node src/main.js", ())
    assert found.reasons == (
        "packages from package-lock.json, installed by npm",
        "start command from package.json's script start: node src/main.js",
    )
    assert found.warnings == ()


def test_prestart_script_runs_before_start(tmp_path: Path) -> None:
    found = detect_package(tmp_path, {"scripts": {"prestart": "a; b", "start": "node x.js"}})
    assert found.start == "(a; b) && node x.js"


@pytest.mark.parametrize("name", ["server.js", "index.mjs", "src/app.js"])
def test_common_file_is_run_without_a_start_script(tmp_path: Path, name: str) -> None:
    assert detect_package(tmp_path, {"dependencies": EXPRESS}, name).start == f"node {name}"


def test_main_field_is_run_if_the_file_exists(tmp_path: Path) -> None:
    assert detect_package(tmp_path, {"main": "lib/api.js"}, "lib/api.js").start == "node lib/api.js"


def test_build_script_runs_when_start_needs_its_output(tmp_path: Path) -> None:
    package = {"scripts": {"build": "tsc", "start": "node dist/main.js"}, "dependencies": EXPRESS}
    assert detect_package(tmp_path, package, "src/main.ts").build == ("tsc",)


def test_build_script_is_skipped_when_not_needed(tmp_path: Path) -> None:
    package = {"scripts": {"build": "vite build", "start": "node server.js"}}
    assert detect_package(tmp_path, package, "server.js").build == ()


@pytest.mark.parametrize("name", ["migrate", "db:migrate", "migrate:latest", "release"])
def test_migration_script_is_the_release_command(tmp_path: Path, name: str) -> None:
    found = detect_package(tmp_path, {"scripts": {name: "knex up", "start": "node a.js"}})
    assert found.release == "knex up"


def test_prisma_generate_and_migrate(tmp_path: Path) -> None:
    package = {"scripts": {"start": "node a.js"}, "dependencies": {"@prisma/client": "6"}}
    found = detect_package(tmp_path, package, "prisma/schema.prisma", "prisma/migrations/x.sql")
    assert (found.build, found.release) == (("prisma generate",), "prisma migrate deploy")


def test_warns_without_a_lock_file_and_for_development_commands(tmp_path: Path) -> None:
    found = detect_package(
        tmp_path, {"scripts": {"start": "nodemon a.js"}, "dependencies": EXPRESS}
    )
    assert "no lock file" in found.warnings[0]
    assert "for development (nodemon)" in found.warnings[1]


@pytest.mark.parametrize(
    ("files", "stated", "manager"),
    [
        (["pnpm-lock.yaml"], "", "pnpm"),
        (["yarn.lock"], "", "yarn"),
        (["package-lock.json"], "yarn@4", "npm"),
        ([], "pnpm@9.1.0", "pnpm"),
        ([], "", "npm"),
    ],
)
def test_package_manager(tmp_path: Path, files: list[str], stated: str, manager: str) -> None:
    for each in files:
        (tmp_path / each).write_text("")
    assert Package(tmp_path, {"packageManager": stated}).manager == manager


@pytest.mark.parametrize(
    ("start", "needed"),
    [
        ("node dist/main.js", False),
        ("tsx src/main.ts", True),
        ("node -r ts-node/register src/main.ts", True),
        ("tsc && node dist/main.js", True),
    ],
)
def test_uses_dev_packages(tmp_path: Path, start: str, needed: bool) -> None:
    names = {"tsx": "4", "ts-node": "10", "typescript": "5", "jest": "29"}
    package = Package(tmp_path, {"devDependencies": names})
    assert package.uses_dev_packages(start) is needed


def test_node_requirement(tmp_path: Path) -> None:
    assert Package(tmp_path, {"engines": {"node": ">=20"}}).node_requirement == ">=20"
    (tmp_path / ".nvmrc").write_text("v22.3.1\n")
    assert Package(tmp_path, {}).node_requirement == "22.x"


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1'])
def test_invalid_package_json_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "package.json").write_text(text)
    with pytest.raises(WorkspaceError, match=r"package\.json"):
        detect(tmp_path)


def test_unexpected_field_types_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text("")
    package = {"scripts": [1], "dependencies": {"express": 5}, "engines": "20", "main": 7}
    assert detect_package(tmp_path, package).start == "node server.js"


def test_missing_start_command_suggests_a_start_script(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no start command was found") as caught:
        detect_package(tmp_path, {"dependencies": EXPRESS})
    assert '"start"' in caught.value.hint


def detect_below(folder: Path, above: dict[str, Any], own: dict[str, Any] | None) -> Detection:
    """Return how the server in `backend` is started, with a package and its lock file above."""
    (folder / "backend").mkdir()
    (folder / "package.json").write_text(json.dumps(above))
    (folder / "package-lock.json").write_text("{}")
    if own is not None:
        (folder / "backend" / "package.json").write_text(json.dumps(own))
    (folder / "backend" / "server.js").write_text("")
    (folder / "worksample.toml").write_text('[run]\ncwd = "backend"\n')
    return detect(folder).detection


def test_lock_file_of_the_workspace_above_counts(tmp_path: Path) -> None:
    found = detect_below(tmp_path, {"workspaces": ["backend"]}, {"dependencies": EXPRESS})
    assert found.stack == "node-express"
    assert found.reasons[0] == "packages from ../package-lock.json, installed by npm"
    assert not found.warnings


def test_packages_above_a_folder_without_packages_count(tmp_path: Path) -> None:
    found = detect_below(tmp_path, {"dependencies": EXPRESS}, None)
    assert found.reasons[0] == "packages from ../package-lock.json, installed by npm"


def test_lock_file_of_another_package_above_does_not_count(tmp_path: Path) -> None:
    found = detect_below(tmp_path, {"dependencies": EXPRESS}, {"dependencies": EXPRESS})
    assert found.reasons[0] == "packages from package.json, installed by npm"
    assert "there is no lock file" in found.warnings[0]
