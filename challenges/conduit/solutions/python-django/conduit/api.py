"""The API: its routers, and how each way to fail is answered."""

import logging
from collections import defaultdict
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from accounts.api import accounts, profiles
from articles.api import articles, tags
from conduit.http.refusals import Refusal, refuse, unknown_asker
from conduit.http.schemas import StrictParser
from conduit.http.wording import in_words

log = logging.getLogger("conduit")

api = NinjaAPI(title="Conduit", parser=StrictParser(), openapi_url=None, docs_url=None)
api.add_router("", accounts)
api.add_router("profiles", profiles)
api.add_router("articles", articles)
api.add_router("tags", tags)


@api.exception_handler(Refusal)
def refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    headers = {"WWW-Authenticate": "Token"} if error.status == 401 else None
    return refuse(error.status, {error.topic: [error.message]}, headers)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refusal(request, unknown_asker())


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja raises it itself for a body that the parser does not understand, and only then."""
    return refuse(422, {"body": [f"is not valid JSON: {error.__cause__}"]})


@api.exception_handler(ValidationError)
def invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors: dict[str, list[str]] = defaultdict(list)
    for problem in error.errors:
        names = [part for part in problem["loc"] if isinstance(part, str)]
        errors[names[-1] if names else "body"].append(in_words(problem))
    return refuse(422, errors)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("answered 503: %s: %s", type(error).__name__, error)
    errors = {"server": ["is not available, please try again"]}
    return refuse(503, errors, {"Retry-After": "1"})


@api.exception_handler(Exception)
def our_mistake(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("answered 500: %s %s", request.method, request.path, exc_info=error)
    return refuse(500, {"server": ["made a mistake"]})
