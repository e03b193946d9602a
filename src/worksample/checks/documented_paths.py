"""Base paths that the OpenAPI documents in a project's folder name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

_FOLDERS = (".", "docs", "doc", "api", "openapi", "swagger", "spec", "specs", "src", "public")
_NAME = re.compile(r"(?i)(openapi|swagger|api|api-?docs?|api-?spec)\.(ya?ml|json)")
_PREFIX = re.compile(r"(/[\w.~-]+)*")
_MAX_BYTES = 500_000
_MAX_DOCUMENTS = 6
_MAX_PREFIXES = 6


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader without merge keys, whose number can grow exponentially."""

    def flatten_mapping(self, node: yaml.Node) -> None:
        """Leave the keys as they are: a merge key is an error then."""


def documented_prefixes(folder: Path, paths: Sequence[str]) -> list[str]:
    """Return the base paths of an API with `paths`, as the documents in `folder` have them.

    They come from `servers` (OpenAPI 3), `basePath` (Swagger 2), and from paths that end with one
    of `paths`. Files that cannot be read say nothing.
    """
    found: dict[str, None] = {}
    for document in _documents(folder):
        found |= dict.fromkeys(_prefixes(document, paths))
    return list(found)[:_MAX_PREFIXES]


def _documents(folder: Path) -> Iterator[dict[str, Any]]:
    files = [
        each
        for name in _FOLDERS
        if (folder / name).is_dir()
        for each in sorted((folder / name).iterdir())
        if _NAME.fullmatch(each.name) and each.is_file()
    ]
    for file in files[:_MAX_DOCUMENTS]:
        try:
            if file.stat().st_size > _MAX_BYTES:
                continue
            document = yaml.load(file.read_bytes(), Loader=_PlainLoader)  # noqa: S506 - safe
        except (OSError, yaml.YAMLError, ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            yield document


def _prefixes(document: dict[str, Any], paths: Sequence[str]) -> Iterator[str]:
    bases = [base.rstrip("/") for base in _bases(document)] or [""]
    documented = document.get("paths")
    inner = [
        path.removesuffix(known)
        for path in (documented if isinstance(documented, dict) else {})
        for known in paths
        if isinstance(path, str) and path.endswith(known)
    ]
    for base in bases:
        for prefix in dict.fromkeys([*(base + each for each in inner), base]):
            if _PREFIX.fullmatch(prefix):
                yield prefix


def _bases(document: dict[str, Any]) -> Iterator[str]:
    servers = document.get("servers")
    for server in servers if isinstance(servers, list) else []:
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            yield _path_of(url)
    if isinstance(document.get("basePath"), str):
        yield document["basePath"]


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
