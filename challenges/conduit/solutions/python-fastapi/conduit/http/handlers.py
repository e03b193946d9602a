"""Turn every way in which a request can fail into `{"errors": {topic: [message]}}`."""

import logging
from collections import defaultdict
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from conduit.http.refusals import Refusal
from conduit.http.wording import in_words

log = logging.getLogger("uvicorn.error")

_FRAMEWORK_REFUSALS = {
    404: ("path", "does not exist"),
    405: ("method", "is not allowed here"),
}
Headers = Mapping[str, str] | None


def answer(status: int, errors: dict[str, list[str]], headers: Headers = None) -> JSONResponse:
    return JSONResponse({"errors": errors}, status, dict(headers or {}))


async def refusal(_: Request, error: Refusal) -> JSONResponse:
    headers = {"WWW-Authenticate": "Token"} if error.status == 401 else None
    return answer(error.status, {error.topic: [error.message]}, headers)


async def invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
    errors: dict[str, list[str]] = defaultdict(list)
    for problem in error.errors():
        names = [part for part in problem["loc"] if isinstance(part, str)]
        errors[names[-1] if names else "body"].append(in_words(problem))
    return answer(422, errors)


async def framework_refusal(_: Request, error: HTTPException) -> JSONResponse:
    topic, message = _FRAMEWORK_REFUSALS.get(error.status_code, ("request", "was refused"))
    return answer(error.status_code, {topic: [message]}, error.headers)


async def database_away(_: Request, error: Exception) -> JSONResponse:
    log.warning("answered 503: %s: %s", type(error).__name__, error)
    return answer(503, {"server": ["is not available, please try again"]}, {"Retry-After": "1"})


async def client_gone(_: Request, __: ClientDisconnect) -> JSONResponse:
    return answer(400, {"body": ["ended too early"]})


async def our_mistake(_: Request, __: Exception) -> JSONResponse:
    return answer(500, {"server": ["made a mistake"]})


def install(app: FastAPI) -> None:
    """Register a handler for everything that may come out of an endpoint."""
    app.exception_handler(Refusal)(refusal)
    app.exception_handler(RequestValidationError)(invalid_request)
    app.exception_handler(HTTPException)(framework_refusal)
    app.exception_handler(OperationalError)(database_away)
    app.exception_handler(InterfaceError)(database_away)
    app.exception_handler(ClientDisconnect)(client_gone)
    app.exception_handler(Exception)(our_mistake)
