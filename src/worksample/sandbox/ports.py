"""Find a free TCP port that no outgoing connection will take."""

from __future__ import annotations

import random
import socket
from pathlib import Path

LOWEST_PORT = 10_240
PORT_RANGE_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")
DEFAULT_FIRST_EPHEMERAL = 32_768
_random = random.SystemRandom()


def free_port() -> int:
    """Return a port that is not bound on any address.

    The port lies below the kernel's ephemeral range: any outgoing connection could take an
    ephemeral port while a server restarts. If no such port is found, the kernel picks one.
    """
    for _ in range(200):
        port = _random.randrange(LOWEST_PORT, _first_ephemeral())
        if is_free(port, reject_time_wait=True):
            return port
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def is_free(port: int, *, reject_time_wait: bool = False) -> bool:
    """Whether a server can listen on `port` on every address of this machine, IPv4 and IPv6.

    With `reject_time_wait`, connections in TIME-WAIT count as occupying the port, as they do for a
    server that does not set SO_REUSEADDR.
    """
    addresses = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0")]  # noqa: S104
    if _has_ipv6():
        addresses += [(socket.AF_INET6, "::1"), (socket.AF_INET6, "::")]
    return all(_can_bind(family, address, port, reject_time_wait) for family, address in addresses)


def _can_bind(
    family: socket.AddressFamily, address: str, port: int, reject_time_wait: bool
) -> bool:
    with socket.socket(family) as probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if not reject_time_wait:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _first_ephemeral() -> int:
    try:
        first = int(PORT_RANGE_FILE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        first = DEFAULT_FIRST_EPHEMERAL
    return max(first, LOWEST_PORT + 2_000)
