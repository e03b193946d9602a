"""What is not even HTTP is refused in the contract's shape too (G1, G3).

uvicorn answers before the application is asked, and in plain text.
"""

import sys

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from booking.http.handlers import answer


class JsonHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with JSON refusals of its own."""

    def send_400_response(self, msg: str) -> None:
        """Called while the parser's error is handled; a method it does not know is 405 (G6)."""
        if isinstance(sys.exception(), HttpParserInvalidMethodError):
            status, refusal = b"405 Method Not Allowed", answer(405, {"method": ["is not known"]})
        else:
            status, refusal = b"400 Bad Request", answer(400, {"request": ["is not valid HTTP"]})
        headers = [*refusal.raw_headers, (b"connection", b"close")]
        lines = [b"HTTP/1.1 " + status, *(name + b": " + value for name, value in headers)]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + bytes(refusal.body))
        self.transport.close()
