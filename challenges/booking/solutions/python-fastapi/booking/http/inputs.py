"""How bodies, ids and pages are read. Lengths of text are in characters, that is code points."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError

from booking.http.refusals import Refusal

M = TypeVar("M", bound=BaseModel)

MAX_PAGE = 100
# What PostgreSQL can count to.
MAX_BIGINT = 2**63 - 1

Id = Annotated[int, Path(ge=1, le=MAX_BIGINT)]
Limit = Annotated[int, Query(ge=1), AfterValidator(lambda limit: min(limit, MAX_PAGE))]
Offset = Annotated[int, Query(ge=0, le=MAX_BIGINT)]


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL characters")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return _storable(text)


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (at and local.strip() and domain.strip()):
        raise ValueError("needs an @ with something on both sides")
    return _storable(text)


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=64), AfterValidator(_filled)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)
]


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency that gives the body as `model`, or refuses it with 415 or 422.

    FastAPI would parse the body before it runs any dependency. Reading it here, after the
    dependency that knows who asks, spares us the work for strangers; and pydantic's own parser
    refuses deep nesting, lone surrogates and invalid UTF-8 as it goes.
    """

    async def read(request: Request) -> M:
        _require_json(request)
        try:
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False)) from None

    return read


def _require_json(request: Request) -> None:
    """A body without a content type is taken for JSON."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0]
    kind = kind.strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(415, "content-type", "must be application/json")
