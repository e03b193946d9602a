"""HTTPS: certificates are verified."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import uvloop

from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="requires openssl")
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]
Loop = Callable[[], asyncio.AbstractEventLoop]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a self-signed certificate for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *subject, *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


async def serve_and_ask(certificate: Path, *requests: Request) -> list[Exchange]:
    """Serve TLS with `certificate`, send `requests`, and return the exchanges."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b"Content-Length: 3000000" in head:
                    await reader.readexactly(3_000_000)
                writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    client = HttpClient(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    done = [await client.send(request) for request in requests]
    await client.aclose()
    server.close()
    await server.wait_closed()
    return done


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
def test_accepts_trusted_certificate(
    loop: Loop, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    large = Request("POST", "/", (), b"x" * 3_000_000)
    with asyncio.Runner(loop_factory=loop) as runner:
        done = runner.run(serve_and_ask(certificate, Request("GET", "/"), large, large))
    assert [one.status for one in done] == [200, 200, 200], done[0].detail


@pytest.mark.parametrize("loop", LOOPS, ids=["asyncio", "uvloop"])
def test_rejects_untrusted_certificate(loop: Loop, certificate: Path) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        (done,) = runner.run(serve_and_ask(certificate, Request("GET", "/")))
    assert done.trouble is Trouble.UNREACHABLE
    assert "certificate verify failed" in done.detail
