"""Read a JSON body into a model.

FastAPI would parse the body before it runs any dependency. Reading it here, after the
dependency that knows who asks, spares us the work for strangers; and pydantic's own parser
refuses deep nesting, lone surrogates and invalid UTF-8 as it goes.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from conduit.http.refusals import Refusal

M = TypeVar("M", bound=BaseModel)


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency that gives the body as `model`, or refuses it with 415 or 422."""

    async def read(request: Request) -> M:
        _require_json(request)
        try:
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False)) from None

    return read


def _require_json(request: Request) -> None:
    """A body that does not say what it is, is taken for JSON."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0]
    kind = kind.strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(415, "content-type", "must be application/json")
