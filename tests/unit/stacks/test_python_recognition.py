"""A Python folder is recognised for what it is, with the command that its authors would type."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.errors import WorkspaceError
from worksample.stacks import Recognition, recognise

FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
FLASK = "from flask import Flask\napp = Flask(__name__)\n"


def seen(folder: Path, files: dict[str, str]) -> Recognition:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return recognise(folder).recognition


@pytest.mark.parametrize(
    ("files", "stack", "start"),
    [
        (
            {"requirements.txt": "fastapi\nuvicorn", "main.py": FASTAPI},
            "python-fastapi",
            "uvicorn main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/__init__.py": "",
                "app/main.py": "from app.db import x\n" + FASTAPI,
                "app/db.py": "",
            },
            "python-fastapi",
            "uvicorn app.main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/main.py": (
                    "from fastapi import FastAPI\n"
                    "def get_application() -> FastAPI:\n    return FastAPI()\n"
                    "app = get_application()\n"
                ),
            },
            "python-fastapi",
            "uvicorn app.main:app --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "fastapi\nuvicorn",
                "app/factory.py": (
                    "import fastapi\n"
                    "def create_app(debug=False):\n    a = fastapi.FastAPI()\n    return a\n"
                ),
            },
            "python-fastapi",
            "uvicorn --factory app.factory:create_app --host 127.0.0.1 --port $PORT",
        ),
        (
            {"requirements.txt": "fastapi\nhypercorn", "main.py": FASTAPI},
            "python-fastapi",
            "hypercorn --bind 127.0.0.1:$PORT main:app",
        ),
        (
            {"requirements.txt": "flask\ngunicorn", "app.py": FLASK},
            "python-flask",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 app:app",
        ),
        (
            {"requirements.txt": "flask", "app.py": FLASK},
            "python-flask",
            "flask --app app:app run --host 127.0.0.1 --port $PORT",
        ),
        (
            {
                "requirements.txt": "flask\ngunicorn",
                "shop/__init__.py": "import flask\ndef create_app():\n  return flask.Flask('x')",
            },
            "python-flask",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 'shop:create_app()'",
        ),
        (
            {
                "requirements.txt": "django\ngunicorn",
                "manage.py": "",
                "site1/settings.py": "",
                "site1/wsgi.py": "",
            },
            "python-django",
            "gunicorn --bind 127.0.0.1:$PORT --threads 8 site1.wsgi",
        ),
        (
            {"requirements.txt": "django", "manage.py": "", "site1/wsgi.py": ""},
            "python-django",
            "python manage.py runserver --noreload 127.0.0.1:$PORT",
        ),
        ({"server.py": "import http.server"}, "python", "python server.py"),
    ],
)
def test_how_it_starts(tmp_path: Path, files: dict[str, str], stack: str, start: str) -> None:
    found = seen(tmp_path, files)
    assert (found.stack, found.start) == (stack, start)
    assert found.reasons


def test_gunicorns_own_configuration_is_left_alone(tmp_path: Path) -> None:
    files = {"requirements.txt": "flask\ngunicorn", "app.py": FLASK, "gunicorn.conf.py": ""}
    found = seen(tmp_path, files)
    assert found.start == "gunicorn --bind 127.0.0.1:$PORT app:app"
    assert found.environment["FLASK_APP"] == "app:app"


def test_tests_and_sub_applications_do_not_mislead(tmp_path: Path) -> None:
    found = seen(
        tmp_path,
        {
            "requirements.txt": "fastapi\nuvicorn",
            "tests/app.py": FASTAPI,
            "app/main.py": FASTAPI,
            "app/admin/site.py": FASTAPI.replace("app =", "admin ="),
        },
    )
    assert "app.main:app" in found.start
    assert found.warnings[-1] == "took app.main:app; there is also app.admin.site:admin"


def test_a_src_folder_is_put_on_the_path(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "src/shop/main.py": "from shop.db import x\n" + FASTAPI,
        "src/shop/db.py": "",
    }
    found = seen(tmp_path, files)
    assert found.start == "uvicorn shop.main:app --host 127.0.0.1 --port $PORT"
    assert found.environment["PYTHONPATH"] == "{folder}/src:{folder}:{folder}/.worksample/python"


def test_migrations_run_first(tmp_path: Path) -> None:
    files = {"requirements.txt": "fastapi\nalembic\nuvicorn", "main.py": FASTAPI, "alembic.ini": ""}
    assert seen(tmp_path, files).release == "alembic upgrade head"


def test_djangos_migrations_run_first(tmp_path: Path) -> None:
    files = {"requirements.txt": "django", "backend/manage.py": "", "backend/s/wsgi.py": ""}
    found = seen(tmp_path, files)
    assert found.release == "python backend/manage.py migrate --noinput"
    assert (
        found.environment["PYTHONPATH"] == "{folder}/backend:{folder}:{folder}/.worksample/python"
    )


def test_a_procfile_wins_and_the_settings_win_over_it(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py": FASTAPI,
        "Procfile": "# how\nweb: python main.py\nrelease: python migrate.py\nworker: x\n",
    }
    found = seen(tmp_path, files)
    assert (found.stack, found.start) == ("python-fastapi", "python main.py")
    assert found.release == "python migrate.py"
    assert "started as Procfile says: python main.py" in found.reasons
    files["worksample.toml"] = '[run]\ncommand = ["python", "other.py"]\nrelease = ""\n'
    found = seen(tmp_path, files)
    assert (found.start, found.release) == (("python", "other.py"), "")
    assert "started as worksample.toml says: python other.py" in found.reasons


def test_a_procfile_without_release_keeps_the_migrations_seen(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nalembic",
        "main.py": FASTAPI,
        "alembic.ini": "",
        "Procfile": "web: python main.py",
    }
    assert seen(tmp_path, files).release == "alembic upgrade head"


def test_sources_that_do_not_parse_are_passed_over(tmp_path: Path) -> None:
    files = {"requirements.txt": "flask", "broken.py": "def (", "app.py": FLASK}
    assert seen(tmp_path, files).stack == "python-flask"


def test_dependencies_without_a_program_ask_for_the_command(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="how its server starts cannot be told") as caught:
        seen(tmp_path, {"requirements.txt": "fastapi", "lib/thing.py": "x = 1"})
    assert "[run] command" in caught.value.hint


def test_nothing_recognised_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"package\.json.*pyproject\.toml") as caught:
        seen(tmp_path, {"notes.txt": "hello"})
    assert "there are notes.txt" in caught.value.message
    assert "worksample.toml" in caught.value.hint


def test_a_server_one_folder_down_is_pointed_to(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        seen(tmp_path, {"readme": "", "api/requirements.txt": "flask", "api/app.py": FLASK})
    assert 'cwd = "api"' in caught.value.hint


def test_a_frontend_beside_it_does_not_win(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "fastapi\nuvicorn",
        "main.py": FASTAPI,
        "package.json": '{"scripts": {"start": "vite"}}',
    }
    found = seen(tmp_path, files)
    assert found.stack == "python-fastapi"
    assert 'stack = "node"' in found.warnings[-1]


def test_a_stated_stack_decides(tmp_path: Path) -> None:
    files = {
        "main.py": "",
        "package.json": '{"scripts": {"start": "node x"}, "dependencies": {"express": "5"}}',
        "worksample.toml": 'stack = "python"',
    }
    assert seen(tmp_path, files).stack == "python"


def test_an_unknown_stack_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="there is no stack cobol") as caught:
        seen(tmp_path, {"worksample.toml": 'stack = "cobol"'})
    assert caught.value.hint == "known are node, other, python"


def test_any_other_language_is_welcome_if_it_says_how_it_starts(tmp_path: Path) -> None:
    found = seen(tmp_path, {"Procfile": "web: ./server --port $PORT"})
    assert (found.stack, found.start) == ("other", "./server --port $PORT")
