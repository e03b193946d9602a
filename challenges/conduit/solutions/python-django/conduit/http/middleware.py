"""What is done with every request before and after its endpoint."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from conduit.http.refusals import refuse

View = Callable[[HttpRequest], HttpResponse]

_OF_STATUS = {
    404: ("path", "does not exist"),
    405: ("method", "is not allowed here"),
    500: ("server", "made a mistake"),
}


def refusals_in_json(get_response: View) -> View:
    """Say what Django says on pages of its own (404, 405, 400, 500) in the contract's shape."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or response.get("Content-Type") == "application/json":
            return response
        topic, message = _OF_STATUS.get(response.status_code, ("request", "was refused"))
        kept = {"Allow": response["Allow"]} if "Allow" in response else None
        return refuse(response.status_code, {topic: [message]}, kept)

    return middleware


def readable_address(get_response: View) -> View:
    """Refuse addresses that are not text: invalid UTF-8, or NUL, which PostgreSQL cannot store.

    An unreadable path leads nowhere (404), an unreadable query makes no sense (422). Of a path,
    Django itself replaces what is not UTF-8.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            return refuse(404, {"path": ["does not exist"]})
        query = request.META.get("QUERY_STRING", "").encode("latin-1")
        if not _is_text(unquote_to_bytes(query)):
            return refuse(422, {"query": ["is not UTF-8 text"]})
        return get_response(request)

    return middleware


def whole_body(get_response: View) -> View:
    """Read the body before anything else, so that no connection is held by a slow client (V5).

    More than DATA_UPLOAD_MAX_MEMORY_SIZE is refused (S8), unread if it was announced.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.body  # noqa: B018 - Django keeps what it reads.
        except RequestDataTooBig:
            return refuse(413, {"body": ["is larger than 1 MiB"]})
        except UnreadablePostError:
            return refuse(400, {"body": ["ended too early"]})
        return get_response(request)

    return middleware


def _is_text(unquoted: bytes) -> bool:
    try:
        return "\0" not in unquoted.decode()
    except UnicodeDecodeError:
        return False
