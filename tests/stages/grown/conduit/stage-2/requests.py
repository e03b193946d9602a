"""How requests are read, and how they are refused."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import psycopg
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg.errors import UniqueViolation
from pydantic import AfterValidator, BaseModel, ValidationError
from starlette.exceptions import HTTPException as StarletteException


def refusal(status: int, topic: str, message: str) -> HTTPException:
    return HTTPException(status, {topic: [message]})


def json_body(model: type[BaseModel]) -> Callable[[Request], Awaitable[BaseModel]]:
    """A dependency: the body of a request as `model`, read after we know who asks."""

    async def read(request: Request) -> BaseModel:
        try:
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            raise RequestValidationError(problems) from None

    return read


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


NotBlank = Annotated[str, AfterValidator(_not_blank)]


async def refused(_: Request, error: StarletteException) -> JSONResponse:
    errors = error.detail if isinstance(error.detail, dict) else {"request": [error.detail]}
    return JSONResponse({"errors": errors}, error.status_code)


async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    errors: dict[str, list[str]] = {}
    for problem in error.errors():
        names = [part for part in problem["loc"] if isinstance(part, str)]
        errors.setdefault(names[-1] if names else "body", []).append(problem["msg"])
    return JSONResponse({"errors": errors}, 422)


async def taken(_: Request, error: UniqueViolation) -> JSONResponse:
    """Constraints are named table_field_taken."""
    field = (error.diag.constraint_name or "").split("_")[1]
    return JSONResponse({"errors": {field: ["has already been taken"]}}, 422)


async def not_storable(_: Request, __: psycopg.DataError) -> JSONResponse:
    """A NUL in a text, a number that is too big."""
    return JSONResponse({"errors": {"request": ["holds what cannot be stored"]}}, 422)


def install(app: FastAPI) -> None:
    app.exception_handler(StarletteException)(refused)
    app.exception_handler(RequestValidationError)(invalid)
    app.exception_handler(UniqueViolation)(taken)
    app.exception_handler(psycopg.DataError)(not_storable)
