"""Recognise a Python server and how it starts: manage.py, an application object, a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from worksample.errors import WorkspaceError
from worksample.messages import message
from worksample.stacks.base import Detection
from worksample.stacks.python.app import App, find_apps
from worksample.stacks.python.dependencies import Dependencies, find_dependencies
from worksample.stacks.python.project import METADATA_FOLDER, project_scripts
from worksample.stacks.settings import CommandLine

SCRIPTS = ("main.py", "app.py", "server.py", "run.py", "index.py", "__main__.py")
PROGRAMS = (
    *("python", "gunicorn", "uvicorn", "hypercorn", "flask", "fastapi"),
    *("daphne", "waitress", "granian", "alembic"),
)
PROGRAM_NAMES = ("serve", "server", "start", "web", "api")
STARTED_BY = "started by"
CHOSEN = "chose the application"
SYNCHRONOUS = ("flask", "bottle")


def detect(folder: Path, start: CommandLine, above: Sequence[Path] = ()) -> Detection | None:
    """See `worksample.stacks.base.Stack`; `above` are the folders of the project above `folder`."""
    dependencies = find_dependencies(folder, above)
    if dependencies is None and not _looks_like_python(folder, start):
        return None
    dependencies = dependencies or Dependencies("")
    detected = (
        _django(folder, dependencies)
        or _application(folder, dependencies)
        or _script(folder, dependencies, start)
        or _declared_program(folder, dependencies)
    )
    if detected is None:
        raise WorkspaceError(
            message(
                "{folder} is a Python project, but no start command was found: no "
                "manage.py, no application object (FastAPI(), Flask() ...), no {script}, no "
                "program in pyproject.toml",
                folder=folder,
                script=SCRIPTS[0],
            ),
            hint='set [run] command = "uvicorn my.module:app --port $PORT" in worksample.toml',
        )
    return _with_stated_command(detected, start) if start else detected


def _with_stated_command(detected: Detection, start: CommandLine) -> Detection:
    """Return a detection without the notes on its own start command, which is not used."""
    kept = tuple(each for each in detected.reasons if not each.startswith(STARTED_BY))
    warnings = tuple(each for each in detected.warnings if not each.startswith(CHOSEN))
    return replace(detected, reasons=kept, warnings=warnings, confidence=_confidence(start))


def _confidence(start: CommandLine) -> int:
    first = start.split()[:1] if isinstance(start, str) else list(start[:1])
    return 2 if any(Path(each).name.startswith(PROGRAMS) for each in first) else 0


def _looks_like_python(folder: Path, start: CommandLine) -> bool:
    return _confidence(start) == 2 or any(
        (folder / each).is_file() for each in ("manage.py", *SCRIPTS)
    )


def _dependency_notes(dependencies: Dependencies) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (reasons, warnings) on the source of the dependencies."""
    if not dependencies.source:
        return ("no requirements file, so no packages to install",), ()
    reason = message("packages from {source}", source=dependencies.source)
    if dependencies.locked or not dependencies.requirements:
        return (reason,), ()
    return (reason,), (
        message(
            "{source} does not pin every version, so versions can change between builds",
            source=dependencies.source,
        ),
    )


def _django(folder: Path, dependencies: Dependencies) -> Detection | None:
    manage = next(iter([*folder.glob("manage.py"), *sorted(folder.glob("*/manage.py"))]), None)
    if manage is None:
        return None
    project_folder = manage.parent.relative_to(folder).as_posix()
    project = _django_project(manage)
    program = f"python {manage.relative_to(folder).as_posix()}"
    start, server_name = _django_command(folder, project, dependencies, program)
    reasons, warnings = _dependency_notes(dependencies)
    return Detection(
        "python-django",
        (
            message("{file} is a Django project", file=manage.relative_to(folder)),
            *reasons,
            f"{STARTED_BY} {server_name}",
        ),
        start,
        f"{program} migrate --noinput",
        warnings=warnings,
        environment=_python_path([project_folder]),
        confidence=2,
    )


def _django_project(manage: Path) -> str:
    """Return the package beside manage.py that has asgi.py or wsgi.py, or ""."""
    for name in ("asgi.py", "wsgi.py"):
        for found in sorted(manage.parent.glob(f"*/{name}")):
            return found.parent.name
    return ""


def _gunicorn_command(folder: Path, target: str) -> str:
    """Return the gunicorn command; the project's gunicorn.conf.py overrides the thread count."""
    threads = "" if (folder / "gunicorn.conf.py").is_file() else " --threads 8"
    return f"gunicorn --bind 127.0.0.1:$PORT{threads} {target}"


def _django_command(
    folder: Path, project: str, dependencies: Dependencies, program: str
) -> tuple[str, str]:
    if project and "gunicorn" in dependencies.names:
        return _gunicorn_command(folder, f"{project}.wsgi"), "gunicorn"
    if project and "uvicorn" in dependencies.names:
        return f"uvicorn {project}.asgi:application --host 127.0.0.1 --port $PORT", "uvicorn"
    if project and "daphne" in dependencies.names:
        return f"daphne -b 127.0.0.1 -p $PORT {project}.asgi:application", "daphne"
    start = f"{program} runserver --noreload 127.0.0.1:$PORT"
    return (
        start,
        "Django's development server, because neither gunicorn nor uvicorn is in the requirements",
    )


def _application(folder: Path, dependencies: Dependencies) -> Detection | None:
    apps = find_apps(folder)
    if not apps:
        return None
    app = apps[0]
    framework = app.framework or _framework_of(dependencies)
    command, server_name = _server_command(folder, app, framework, dependencies)
    reasons, warnings = _dependency_notes(dependencies)
    if len(apps) > 1:
        others = ", ".join(each.reference for each in apps[1:4])
        warnings += (
            message(
                "{chosen} {reference}; other applications: {others}",
                chosen=CHOSEN,
                reference=app.reference,
                others=others,
            ),
        )
    return Detection(
        f"python-{framework}" if framework else "python",
        (
            message(
                "{file} creates the application {reference}", file=app.file, reference=app.reference
            ),
            *reasons,
            f"{STARTED_BY} {server_name}",
        ),
        command,
        _migrations(folder, dependencies),
        warnings=warnings,
        environment={
            **_python_path([app.root, *_source_folders(folder)]),
            **({"FLASK_APP": app.reference} if framework == "flask" else {}),
        },
        confidence=2,
    )


def _framework_of(dependencies: Dependencies) -> str:
    known = ("fastapi", "flask", "starlette", "litestar", "quart", "sanic", "bottle")
    return next((each for each in known if each in dependencies.names), "")


def _server_command(
    folder: Path, app: App, framework: str, dependencies: Dependencies
) -> tuple[str, str]:
    """Return the start command for an application object and the name of the server."""
    if framework in SYNCHRONOUS:
        return _wsgi_command(folder, app, framework, dependencies)
    if framework == "sanic":
        return f"sanic {app.reference} --host=127.0.0.1 --port=$PORT --single-process", "sanic"
    factory = " --factory" if app.factory else ""
    if (
        "uvicorn" not in dependencies.names
        and "hypercorn" in dependencies.names
        and not app.factory
    ):
        return f"hypercorn --bind 127.0.0.1:$PORT {app.reference}", "hypercorn"
    return f"uvicorn{factory} {app.reference} --host 127.0.0.1 --port $PORT", "uvicorn"


def _wsgi_command(
    folder: Path, app: App, framework: str, dependencies: Dependencies
) -> tuple[str, str]:
    target = f"'{app.reference}()'" if app.factory else app.reference
    if "gunicorn" in dependencies.names:
        return _gunicorn_command(folder, target), "gunicorn"
    if "waitress" in dependencies.names:
        call = " --call" if app.factory else ""
        return f"waitress-serve --listen=127.0.0.1:$PORT{call} {app.reference}", "waitress"
    if framework == "flask":
        start = f"flask --app {app.reference} run --host 127.0.0.1 --port $PORT"
        return start, "Flask's development server, because gunicorn is not in the requirements"
    return f"python {app.file}", message("{file} itself", file=app.file)


def _migrations(folder: Path, dependencies: Dependencies) -> str:
    if (folder / "alembic.ini").is_file() and "alembic" in dependencies.names:
        return "alembic upgrade head"
    if "flask-migrate" in dependencies.names and (folder / "migrations" / "env.py").is_file():
        return "flask db upgrade"
    return ""


def _script(folder: Path, dependencies: Dependencies, start: CommandLine) -> Detection | None:
    reasons, warnings = _dependency_notes(dependencies)
    script = next((each for each in SCRIPTS if (folder / each).is_file()), "")
    if not start and not script:
        return None
    why = () if start else (message("{script} is the program to run", script=script),)
    return Detection(
        "python",
        (*why, *reasons),
        start or f"python {script}",
        _migrations(folder, dependencies),
        warnings=warnings,
        environment=_python_path(_source_folders(folder)),
    )


def _declared_program(folder: Path, dependencies: Dependencies) -> Detection | None:
    """Return how the program starts that pyproject.toml declares, or a package with a __main__."""
    scripts = project_scripts(folder)
    named = [each for each in PROGRAM_NAMES if each in scripts] or list(scripts)
    packages = sorted(folder.glob("*/__main__.py")) + sorted(folder.glob("src/*/__main__.py"))
    if len(named) == 1 or (named and named[0] in PROGRAM_NAMES):
        start = named[0]
        why = message("pyproject.toml declares the program {name}", name=start)
    elif len(packages) == 1:
        name = packages[0].parent.name
        start, why = f"python -m {name}", message("{name} is a package with a __main__", name=name)
    else:
        return None
    reasons, warnings = _dependency_notes(dependencies)
    return Detection(
        "python",
        (why, *reasons),
        start,
        _migrations(folder, dependencies),
        warnings=warnings,
        environment=_python_path(_source_folders(folder)),
    )


def _source_folders(folder: Path) -> list[str]:
    return ["src"] if (folder / "src").is_dir() else []


def _python_path(roots: Iterable[str]) -> dict[str, str]:
    """Return PYTHONPATH: the import roots, the project folder and its metadata, deduplicated."""
    unique = dict.fromkeys([*roots, ".", METADATA_FOLDER])
    paths = ["{folder}" if each == "." else f"{{folder}}/{each}" for each in unique]
    return {"PYTHONPATH": ":".join(paths)}
