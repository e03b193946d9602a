"""A challenge's OpenAPI document, and the validation of responses against it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from worksample.checks.formatting import shorten
from worksample.messages import message
from worksample.probes.exchange import Request, Response

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_MAX_VIOLATIONS = 5
_MAX_READ = 1000
# Half a dozen observers look up the operation of each exchange, one right after the other.
_RECENT = 16


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract.

    `method` is in upper case, `path` is the path template without the base path, `document` the
    OpenAPI operation object with its parameters, request body and responses resolved.
    """

    id: str
    method: str
    path: str
    document: dict[str, Any]

    def schema_of(self, status: int) -> dict[str, Any] | None:
        """Return the JSON schema of the response with `status`; None if the contract has none."""
        response = self.document["responses"].get(str(status))
        if response is None:
            return None
        content = response.get("content", {}).get("application/json", {})
        return content.get("schema")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Violation:
    """How a value violates its schema, in words.

    `holder` is the object with members that the schema does not name, which are `unexpected`; both
    are empty for any other violation.
    """

    text: str
    holder: Mapping[str, Any] = field(default_factory=dict)
    unexpected: tuple[str, ...] = ()


class Contract:
    """An OpenAPI 3.1 document.

    `document` is the parsed YAML, `path` the file that it was read from.
    """

    def __init__(self, document: dict[str, Any], path: Path) -> None:
        self.document = document
        self.path = path
        self._validators: dict[str, Any] = {}
        self._recent = lru_cache(_RECENT)(self._match)

    @classmethod
    def read(cls, path: Path) -> Contract:
        """Read the document at `path`; raise `yaml.YAMLError` if it is not YAML."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return cls(yaml.load(path.read_bytes(), Loader=loader), path)  # noqa: S506 - a safe loader

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, literal paths before templated ones."""
        found = sorted(self._walk(), key=lambda op: (op.path.count("{"), op.path))
        return tuple(found)

    @cached_property
    def member_names(self) -> frozenset[str]:
        """The names of all members of objects that the document describes."""
        return frozenset(_member_names(self.document))

    def operation(self, operation_id: str) -> Operation:
        """Return the operation with this id; raise `StopIteration` if there is none."""
        return next(op for op in self.operations if op.id == operation_id)

    def match(self, method: str, path: str) -> Operation | None:
        """Return the operation for `method` and `path` (without query), None if there is none."""
        return self._recent(method, path)

    def _match(self, method: str, path: str) -> Operation | None:
        for pattern, operation in self._patterns:
            if operation.method == method and pattern.fullmatch(path):
                return operation
        return None

    def violations(self, operation: Operation, response: Response) -> list[Violation]:
        """Return how the JSON body of `response` violates the schema of its status.

        At most five of unexpected members, and five of other kinds. Empty for a status that the
        contract does not list: another check covers that.
        """
        schema = operation.schema_of(response.status)
        if schema is None:
            return []
        try:
            body = response.json()
        except ValueError:
            text = message("the body is not JSON: {body}", body=shorten(response.body, 80))
            return [Violation(text)]
        return self._violations(schema, body)

    def schema_violations(self, schema: dict[str, Any], body: Any) -> list[str]:
        """Return how `body` violates `schema` (which may be a local reference), as messages.

        At most five.
        """
        return [each.text for each in self._violations(schema, body)[:_MAX_VIOLATIONS]]

    def _violations(self, schema: dict[str, Any], body: Any) -> list[Violation]:
        validator = self._validator(schema)
        if validator.is_valid(body):
            return []
        found: list[Violation] = []
        counts: Counter[bool] = Counter()
        for error in islice(validator.iter_errors(body), _MAX_READ):
            unexpected = tuple(getattr(error.kind, "unexpected", ()))
            if counts[bool(unexpected)] == _MAX_VIOLATIONS:
                continue
            counts[bool(unexpected)] += 1
            where = ".".join(map(str, error.instance_path)) or "the body"
            text = f"{where}: {shorten(error.message, 200)}"
            holder = _value_at(body, error.instance_path) if unexpected else {}
            found.append(Violation(text, holder, unexpected))
        return found

    def operation_for(self, request: Request, prefix: str) -> Operation | None:
        """Return the operation that `request` asks of a server with base path `prefix`, or None."""
        path = request.target.partition("?")[0]
        if not path.startswith(prefix):
            return None
        return self.match(request.method, path[len(prefix) :])

    def _walk(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            shared = [self.resolve(p) for p in item.get("parameters", [])]
            for method in _METHODS:
                if method in item:
                    yield self._operation(path, method, item[method], shared)

    def _operation(
        self, path: str, method: str, raw: dict[str, Any], shared: list[dict[str, Any]]
    ) -> Operation:
        own = [self.resolve(p) for p in raw.get("parameters", [])]
        document = {
            **raw,
            "parameters": shared + own,
            "responses": {str(s): self.resolve(r) for s, r in raw["responses"].items()},
        }
        if "requestBody" in raw:
            document["requestBody"] = self.resolve(raw["requestBody"])
        return Operation(raw["operationId"], method.upper(), path, document)

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return the node that a local reference (`#/...`) points to, or `node` if it is none."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return self.resolve(found)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Operation]]:
        return [(_as_pattern(operation.path), operation) for operation in self.operations]

    def _validator(self, schema: dict[str, Any]) -> Any:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.document.get("components", {})}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[key]


def _member_names(part: Any) -> Iterator[str]:
    """Yield the names of the properties in a part of a document."""
    if isinstance(part, dict):
        properties = part.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for each in part.values():
            yield from _member_names(each)
    elif isinstance(part, list):
        for each in part:
            yield from _member_names(each)


def _as_pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def _value_at(body: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        body = body[step]
    return body
