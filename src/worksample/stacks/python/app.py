"""Find the application object of a Python project by parsing its sources, without imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FRAMEWORKS = {
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Litestar": "litestar",
    "Quart": "quart",
    "Sanic": "sanic",
    "Flask": "flask",
    "APIFlask": "flask",
    "OpenAPI": "flask",
    "Bottle": "bottle",
}
FACTORY_NAMES = (
    *("create_app", "make_app", "get_app", "build_app", "create_application"),
    *("get_application", "make_application", "app_factory", "application_factory", "create_api"),
)
COMMON_NAMES = ("app", "application", "api", "server", "asgi_app", "wsgi_app")
COMMON_FILES = ("main", "app", "asgi", "wsgi", "server", "api", "application", "run", "__init__")
EXCLUDED_FOLDERS = frozenset(
    (
        *("tests", "test", "migrations", "alembic", "docs", "examples", "scripts"),
        *("node_modules", "site-packages", "build", "dist"),
    )
)
MAX_FILES = 400
MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class App:
    """An application object: its module, name and framework.

    `root` is the folder (relative to the project) from which `module` is imported; `factory` means
    that `name` is a function that returns the application; `framework` is "" if the file does not
    show it.
    """

    framework: str
    module: str
    name: str
    factory: bool
    root: str
    file: str

    @property
    def reference(self) -> str:
        """The object in the notation of ASGI and WSGI servers: `app.main:app`."""
        return f"{self.module}:{self.name}"


def find_apps(folder: Path) -> list[App]:
    """Return the application objects of a project, the most likely first."""
    found: list[tuple[tuple[int, ...], App]] = []
    for path in _sources(folder):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, OSError, RecursionError):
            continue
        for framework, name, factory in _application_objects(tree):
            root, module = _import_name(folder, path, tree)
            app = App(framework, module, name, factory, root, path.relative_to(folder).as_posix())
            found.append((_rank(app), app))
    return [app for _, app in sorted(found, key=lambda each: (each[0], each[1].file))]


def _sources(folder: Path) -> list[Path]:
    found: list[Path] = []
    queue = [folder]
    while queue and len(found) < MAX_FILES:
        here = queue.pop(0)
        for each in sorted(here.iterdir()):
            if each.name.startswith(".") or each.name in EXCLUDED_FOLDERS or each.is_symlink():
                continue
            if each.is_dir() and not (each / "pyvenv.cfg").exists():
                queue.append(each)
            elif each.suffix == ".py" and each.stat().st_size <= MAX_BYTES:
                found.append(each)
    return found[:MAX_FILES]


def _application_objects(tree: ast.Module) -> Iterator[tuple[str, str, bool]]:
    """Yield (framework, name, is factory) for each application that a module defines."""
    factories = {
        each.name: _framework_created_in(each)
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
        and each.name in FACTORY_NAMES
        and _callable_without_arguments(each)
    }
    for name, value in _assignments(tree.body):
        called = _called_name(value)
        if called in FRAMEWORKS:
            yield FRAMEWORKS[called], name, False
        elif called in FACTORY_NAMES and name in COMMON_NAMES:
            yield factories.get(called, ""), name, False
    for name, framework in factories.items():
        if framework:
            yield framework, name, True


def _assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for each in body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            yield each.targets[0].id, each.value
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value:
            yield each.target.id, each.value
        elif isinstance(each, ast.Try | ast.With) or (
            isinstance(each, ast.If) and not _is_main(each)
        ):
            yield from _assignments(each.body)


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def _called_name(value: ast.expr) -> str:
    if not isinstance(value, ast.Call):
        return ""
    target = value.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _framework_created_in(function: ast.FunctionDef) -> str:
    calls = (_called_name(each) for each in ast.walk(function) if isinstance(each, ast.Call))
    return next((FRAMEWORKS[name] for name in calls if name in FRAMEWORKS), "")


def _callable_without_arguments(function: ast.FunctionDef) -> bool:
    arguments = function.args
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return needed == 0 and all(each is not None for each in arguments.kw_defaults)


def _import_name(folder: Path, path: Path, tree: ast.Module) -> tuple[str, str]:
    """Return (root, module): the folder from which a file is imported, and its module name.

    The root is the folder in which the file's absolute imports are found. A file with relative
    imports must lie in a package below the root.
    """
    names, relative_depth = _imports(tree)
    parents = [each for each in reversed(path.parents) if each.is_relative_to(folder)]
    best = max(parents, key=lambda root: _root_score(root, path, names, relative_depth))
    parts = list(path.relative_to(best).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return best.relative_to(folder).as_posix(), ".".join(parts)


def _imports(tree: ast.Module) -> tuple[set[str], int]:
    names: set[str] = set()
    relative_depth = 0
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            names |= {alias.name.split(".")[0] for alias in each.names}
        elif isinstance(each, ast.ImportFrom):
            relative_depth = max(relative_depth, each.level)
            if each.level == 0 and each.module:
                names.add(each.module.split(".")[0])
    return names, relative_depth


def _root_score(
    root: Path, path: Path, names: set[str], relative_depth: int
) -> tuple[int, int, int, int]:
    between = path.relative_to(root).parts[:-1]
    importable = all(part.isidentifier() for part in between)
    deep_enough = importable and len(between) >= relative_depth
    matches = sum((root / name).is_dir() or (root / f"{name}.py").is_file() for name in names)
    whole = not (root / "__init__.py").exists()
    source_folder = root.name == "src" and not (root / "__init__.py").exists()
    return int(deep_enough), matches if importable else -1, int(whole), int(source_folder)


def _rank(app: App) -> tuple[int, ...]:
    stem = Path(app.file).stem
    return (
        int(app.factory),
        int(not app.framework),
        _position(stem, COMMON_FILES),
        app.file.count("/"),
        _position(app.name, COMMON_NAMES),
    )


def _position(name: str, common: tuple[str, ...]) -> int:
    return common.index(name) if name in common else len(common)
