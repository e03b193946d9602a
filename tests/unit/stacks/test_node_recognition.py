"""A Node folder is recognised for what it is, with the command that its authors would type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import Recognition, recognise
from worksample.stacks.support.node_package import Package


def seen(folder: Path, package: dict[str, Any], *files: str) -> Recognition:
    (folder / "package.json").write_text(json.dumps(package))
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return recognise(folder).recognition


EXPRESS = {"express": "^5"}


def test_the_start_script_starts_it(tmp_path: Path) -> None:
    package = {"scripts": {"start": "node src/main.js"}, "dependencies": EXPRESS}
    found = seen(tmp_path, package, "package-lock.json", "src/main.js")
    assert (found.stack, found.start, found.build) == ("node-express", "node src/main.js", ())
    assert found.reasons == (
        "packages from package-lock.json by npm",
        "started as package.json's script start says: node src/main.js",
    )
    assert found.warnings == ()


def test_a_prestart_script_comes_before(tmp_path: Path) -> None:
    found = seen(tmp_path, {"scripts": {"prestart": "a; b", "start": "node x.js"}})
    assert found.start == "(a; b) && node x.js"


@pytest.mark.parametrize("name", ["server.js", "index.mjs", "src/app.js"])
def test_without_a_script_a_usual_file_is_run(tmp_path: Path, name: str) -> None:
    assert seen(tmp_path, {"dependencies": EXPRESS}, name).start == f"node {name}"


def test_the_main_field_is_run_if_it_is_there(tmp_path: Path) -> None:
    assert seen(tmp_path, {"main": "lib/api.js"}, "lib/api.js").start == "node lib/api.js"


def test_typescript_is_built_before(tmp_path: Path) -> None:
    package = {"scripts": {"build": "tsc", "start": "node dist/main.js"}, "dependencies": EXPRESS}
    assert seen(tmp_path, package, "src/main.ts").build == ("tsc",)


def test_a_build_that_the_server_does_not_need_is_not_run(tmp_path: Path) -> None:
    package = {"scripts": {"build": "vite build", "start": "node server.js"}}
    assert seen(tmp_path, package, "server.js").build == ()


@pytest.mark.parametrize("name", ["migrate", "db:migrate", "migrate:latest", "release"])
def test_a_migration_script_runs_first(tmp_path: Path, name: str) -> None:
    found = seen(tmp_path, {"scripts": {name: "knex up", "start": "node a.js"}})
    assert found.release == "knex up"


def test_prisma_is_generated_and_migrated(tmp_path: Path) -> None:
    package = {"scripts": {"start": "node a.js"}, "dependencies": {"@prisma/client": "6"}}
    found = seen(tmp_path, package, "prisma/schema.prisma", "prisma/migrations/x.sql")
    assert (found.build, found.release) == (("prisma generate",), "prisma migrate deploy")


def test_no_lock_file_is_a_warning(tmp_path: Path) -> None:
    found = seen(tmp_path, {"scripts": {"start": "nodemon a.js"}, "dependencies": EXPRESS})
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
def test_the_package_manager(tmp_path: Path, files: list[str], stated: str, manager: str) -> None:
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
def test_development_packages_are_installed_only_if_used(
    tmp_path: Path, start: str, needed: bool
) -> None:
    names = {"tsx": "4", "ts-node": "10", "typescript": "5", "jest": "29"}
    package = Package(tmp_path, {"devDependencies": names})
    assert package.uses_development(start) is needed


def test_which_node_is_wanted(tmp_path: Path) -> None:
    assert Package(tmp_path, {"engines": {"node": ">=20"}}).node_requirement == ">=20"
    (tmp_path / ".nvmrc").write_text("v22.3.1\n")
    assert Package(tmp_path, {}).node_requirement == "22.x"


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1'])
def test_a_broken_package_json_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "package.json").write_text(text)
    with pytest.raises(WorkspaceError, match=r"package\.json"):
        recognise(tmp_path)


def test_strange_tables_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "server.js").write_text("")
    package = {"scripts": [1], "dependencies": {"express": 5}, "engines": "20", "main": 7}
    assert seen(tmp_path, package).start == "node server.js"


def test_no_way_to_start_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="how its server starts cannot be told") as caught:
        seen(tmp_path, {"dependencies": EXPRESS})
    assert '"start"' in caught.value.hint
