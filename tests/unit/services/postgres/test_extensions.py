"""Detection of the extensions that a project requires."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.services.postgres import required_extensions


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.sql", 'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\ncreate extension citext;', 2),
        ("m/a.js", "await knex.raw('create extension if not exists \"pgcrypto\"')", 1),
        ("m/a.py", "operations = [TrigramExtension(), UnaccentExtension()]", 2),
        ("s.prisma", '  extensions = [pgcrypto, uuid_ossp(map: "uuid-ossp")]', 2),
        ("a.md", "CREATE EXTENSION pgcrypto", 0),
        ("node_modules/x/a.sql", "CREATE EXTENSION pgcrypto", 0),
        (".git/a.sql", "CREATE EXTENSION pgcrypto", 0),
    ],
)
def test_extensions_are_found(tmp_path: Path, name: str, text: str, expected: int) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    assert len(required_extensions(tmp_path)) == expected


def test_extension_names_are_exact(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text('CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION plpgsql;')
    (tmp_path / "b.py").write_text("CryptoExtension()")
    assert required_extensions(tmp_path) == ("pgcrypto", "uuid-ossp")
