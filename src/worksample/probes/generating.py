"""Generate requests from an OpenAPI document, in a separate process.

Schemathesis generates requests that are valid for a schema and requests that are not. It is large
and slow to import, so it runs in its own process.

    python -m worksample.probes.generating DOCUMENT SEED COUNT OPERATION...

prints one JSON object per line: `operation`, `mode` (positive or negative), `path` (parameters),
`query` (encoded), `content_type`, `body` (base64).
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisException
from requests import Request
from schemathesis import GenerationMode

_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def generate(document: dict[str, Any], number: int, count: int, ids: list[str]) -> Iterator[Any]:
    """Yield up to `count` cases per mode for the operations `ids`; the seed is `number`."""
    schema = schemathesis.openapi.from_dict(document)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if operation.definition.raw.get("operationId") in ids:
            for mode in _MODES:
                yield from _cases(operation, mode, number, count)


def _cases(operation: Any, mode: GenerationMode, number: int, count: int) -> list[Any]:
    collected: list[Any] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        collected.append(_plain(operation, mode, case))

    try:
        collect()
    except HypothesisException:
        # An operation that accepts any text has no negative cases.
        return collected
    return collected


def _plain(operation: Any, mode: GenerationMode, case: Any) -> dict[str, Any]:
    sent = case.as_transport_kwargs(base_url="http://target")
    body = {key: sent[key] for key in ("json", "data") if key in sent}
    prepared = Request("POST", "http://target/", **body).prepare()
    raw: Any = prepared.body or b""
    return {
        "operation": operation.definition.raw["operationId"],
        "mode": mode.value,
        "path": {name: str(value) for name, value in (case.path_parameters or {}).items()},
        "query": urlencode(sent.get("params") or {}, doseq=True, errors="surrogatepass"),
        "content_type": prepared.headers.get("Content-Type", ""),
        "body": base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode(),
    }


def main() -> None:
    """Generate the cases for the command-line arguments and print them."""
    path, number, count, *ids = sys.argv[1:]
    document = yaml.load(Path(path).read_bytes(), Loader=getattr(yaml, "CSafeLoader"))  # noqa: S506, B009
    for case in generate(document, int(number), int(count), ids):
        sys.stdout.buffer.write(orjson.dumps(case) + b"\n")


if __name__ == "__main__":
    main()
