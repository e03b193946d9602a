"""Which services a project uses is read from its lists of dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.catalogue.services import ServiceNeeds
from worksample.services.detection import used_services
from worksample.stacks import Settings


@pytest.mark.parametrize(
    ("file", "text", "service"),
    [
        ("requirements.txt", "flask\nPyMySQL>=1.1\n", "mysql"),
        ("pyproject.toml", '[project]\ndependencies = ["mysqlclient>=2"]', "mysql"),
        ("package.json", '{"dependencies": {"mysql2": "^3.0.0"}}', "mysql"),
        ("go.mod", "require github.com/go-sql-driver/mysql v1.9.0", "mysql"),
        ("pom.xml", "<artifactId>mysql-connector-j</artifactId>", "mysql"),
        ("src/Shop.csproj", '<PackageReference Include="MySqlConnector" />', "mysql"),
        ("build.gradle", "runtimeOnly 'org.mariadb.jdbc:mariadb-java-client'", "mysql"),
        ("requirements/base.txt", "psycopg[binary]>=3.2", "postgres"),
        ("package.json", '{"dependencies": {"pg": "^8.0.0"}}', "postgres"),
        ("go.mod", "require github.com/jackc/pgx/v5 v5.7.0", "postgres"),
        ("pom.xml", "<artifactId>postgresql</artifactId>", "postgres"),
        ("Shop.csproj", '<PackageReference Include="Npgsql" Version="9" />', "postgres"),
    ],
)
def test_driver_in_list_of_dependencies_is_found(
    tmp_path: Path, file: str, text: str, service: str
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    [used] = used_services(tmp_path)
    assert (used.service, used.file) == (service, file)
    assert used.driver in text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", "It once used PyMySQL."),
        ("package.json", '{"dependencies": {"express-mysql-session": "1", "mysqldump": "1"}}'),
        ("package.json", '{"repository": "https://example.org/shop/mysql"}'),
        (".cache/requirements.txt", "PyMySQL"),
        ("a/b/requirements.txt", "PyMySQL"),
    ],
)
def test_other_texts_name_no_driver(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    assert used_services(tmp_path) == []


@pytest.mark.parametrize(
    ("used", "own", "chosen"),
    [
        (["mysql"], {}, "mysql"),
        (["mysql", "postgres"], {}, "postgres"),
        ([], {}, "postgres"),
        (["mysql"], {"database": "postgres"}, "postgres"),
    ],
)
def test_open_choice_is_what_the_project_uses(
    used: list[str], own: dict[str, str], chosen: str
) -> None:
    needs = ServiceNeeds(choices={"database": ("postgres", "mysql")})
    assert needs.choose(Settings(services=own), used) == (chosen,)
