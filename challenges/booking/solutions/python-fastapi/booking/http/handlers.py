"""Turn every way in which a request can fail into `{"errors": {topic: [message]}}`."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from booking.http.refusals import Refusal

log = logging.getLogger("uvicorn.error")

_FRAMEWORK_REFUSALS = {
    404: ("path", "does not exist"),
    405: ("method", "is not allowed here"),
}
_WORDS = {
    "missing": "is required",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "model_type": "must be an object",
    "json_invalid": "is not valid JSON: {error}",
    "value_error": "{error}",
}
Headers = Mapping[str, str] | None


def answer(status: int, errors: dict[str, list[str]], headers: Headers = None) -> JSONResponse:
    return JSONResponse({"errors": errors}, status, dict(headers or {}))


def install(app: FastAPI) -> None:
    """Register a handler for everything that may come out of an endpoint."""
    app.exception_handler(Refusal)(_refusal)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(HTTPException)(_framework_refusal)
    app.exception_handler(OperationalError)(_database_away)
    app.exception_handler(InterfaceError)(_database_away)
    app.exception_handler(ClientDisconnect)(_client_gone)
    app.exception_handler(Exception)(_internal_error)


async def _refusal(_: Request, error: Refusal) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return answer(error.status, {error.topic: [error.message]}, headers)


async def _invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
    errors: dict[str, list[str]] = defaultdict(list)
    for problem in error.errors():
        names = [part for part in problem["loc"] if isinstance(part, str)]
        errors[names[-1] if names else "body"].append(_in_words(problem))
    return answer(422, errors)


def _in_words(problem: Mapping[str, Any]) -> str:
    """One of pydantic's errors in words for people; pydantic's own where we have none."""
    template = _WORDS.get(problem["type"])
    return template.format_map(problem.get("ctx", {})) if template else str(problem["msg"])


async def _framework_refusal(_: Request, error: HTTPException) -> JSONResponse:
    topic, message = _FRAMEWORK_REFUSALS.get(error.status_code, ("request", "was refused"))
    return answer(error.status_code, {topic: [message]}, error.headers)


async def _database_away(_: Request, error: Exception) -> JSONResponse:
    log.warning("answered 503: %s: %s", type(error).__name__, error)
    return answer(503, {"server": ["is not available, please try again"]}, {"Retry-After": "1"})


async def _client_gone(_: Request, __: ClientDisconnect) -> JSONResponse:
    return answer(400, {"body": ["ended too early"]})


async def _internal_error(_: Request, __: Exception) -> JSONResponse:
    return answer(500, {"server": ["made a mistake"]})
