"""No file outside stacks/<language>/ names a language, its tools or its frameworks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src" / "worksample"
LANGUAGES = tuple(
    each for each in (SOURCE / "stacks").iterdir() if each.is_dir() and each.name != "support"
)
NAMES = re.compile(
    r"(?<![A-Za-z])(?:python3?|pip|uv|venv|virtualenv|pyproject|site-packages|pycache|pytest"
    r"|django|flask|fastapi|uvicorn|gunicorn|hypercorn|asyncpg|sqlalchemy|alembic|pydantic"
    r"|node(?=-)|nodejs|node_modules|node_env|npm|npx|pnpm|yarn|javascript|typescript|express"
    r"|fastify|nestjs|knex|sequelize|prisma|golang|cargo|maven|gradle|dotnet|nuget|aspnet|aspnetcore|csharp|msbuild)(?![A-Za-z])",
    re.IGNORECASE,
)
# Where a name is not about the language of a submission, or is written for people to read.
ALLOWED = {
    "cli/_diagnostics.py": "how to install a package for Worksample itself",
    "cli/_hints.py": "how to install a package for Worksample itself",
    "grading/run_record.py": "the versions of what ran Worksample, for the report",
    "postings": "job ads and skills",
    "services/detection.py": "the suffixes of lists of dependencies, in any language",
    "services/mysql/drivers.py": "the packages that use MySQL, in any language",
    "services/postgres/binaries.py": "how to install PostgreSQL for Worksample itself",
    "services/postgres/drivers.py": "the packages that use PostgreSQL, in any language",
    "services/valkey/drivers.py": "the packages that use Redis, in any language",
    "services/postgres/extensions.py": "patterns that read a learner's migrations",
    "stacks/other.py": "languages without a stack",
    "suites/passwords.py": "words for people: why characters are counted differently",
    "suites/leak_patterns.py": "what any server may leak, also one that is known by its URL only",
    "suites/source_literals.py": "files of any language, also of one without a stack",
    "targets/causes.py": "words for people: how clients turn TLS off",
    "tasks/variation/languages": "one file a language: how its sources are read and changed",
    "wire/postgres/tracker.py": "words for people: how clients turn TLS off",
}


def names_in(path: Path) -> Iterator[str]:
    """Yield "line: text" for each identifier and string (no docstring) that names a language."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(each.value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) not in docstrings:
            for text in texts_of(node):
                if NAMES.search(text):
                    yield f"{getattr(node, 'lineno', 0)}: {text}"


def texts_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    found = [getattr(node, key, None) for key in ("id", "attr", "name", "arg", "module")]
    return [each for each in found if isinstance(each, str)]


def is_allowed(path: Path) -> bool:
    name = path.relative_to(SOURCE).as_posix()
    in_language = any(path.is_relative_to(each) for each in LANGUAGES)
    return in_language or any(name == each or name.startswith(f"{each}/") for each in ALLOWED)


def test_only_stacks_name_languages() -> None:
    assert {each.name for each in LANGUAGES} >= {"python", "node"}
    assert not [
        f"{path.relative_to(SOURCE)}:{text}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not is_allowed(path)
        for text in names_in(path)
    ]


@pytest.mark.parametrize("name", ALLOWED)
def test_exception_is_still_needed(name: str) -> None:
    path = SOURCE / name
    files = [path] if path.suffix else sorted(path.rglob("*.py"))
    assert any(True for each in files for _ in names_in(each))


def test_names_are_found_in_code_and_strings(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text('"""Python."""\nimport django\nx = "node-express"\nnpm = 1\nexpression = 2\n')
    assert sorted(names_in(path)) == ["2: django", "3: node-express", "4: npm"]
