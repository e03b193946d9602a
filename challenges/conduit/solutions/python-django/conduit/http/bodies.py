"""Bodies that do not say how long they are, and bodies of which a part stays unread."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_BLOCK = 64 * 1024
_MOST_DROPPED = 8 * 1024 * 1024


def with_known_length(application: Application) -> Application:
    """Give each chunked body a Content-Length: Django takes it for empty otherwise.

    Of a body that is too large, one byte too many is read, so that Django refuses it.
    """

    def wrapped(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            environ["wsgi.input"] = BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return application(environ, start_response)

    return wrapped


def with_dropped_rest(application: Application) -> Application:
    """Read and drop what the application left of a body, once its answer is sent.

    gunicorn closes a connection of which more than 64 KiB are unread, although its answer has
    just said that the connection stays open: the client's next request on it would be lost
    (RFC 9112, 9.6). A body of more than 8 MiB is not worth keeping a connection for.
    """

    def wrapped(environ: Environ, start_response: Callable[..., Any]) -> Iterator[bytes]:
        body = environ["wsgi.input"]
        return _then_drop(application(environ, start_response), body)

    return wrapped


def _then_drop(answer: Iterable[bytes], body: BinaryIO) -> Iterator[bytes]:
    try:
        yield from answer
    finally:
        if hasattr(answer, "close"):
            answer.close()
        for _ in range(_MOST_DROPPED // _BLOCK):
            if not body.read(_BLOCK):
                break
