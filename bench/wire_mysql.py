"""Measure what the wire adds to a round trip with MySQL, against PostgreSQL in the same run.

    python bench/wire_mysql.py [--trips 2000] [--rounds 7]

A client sends the bytes of `select 1` as a plain query and waits for the whole answer: directly and
through the wire, on MariaDB and on PostgreSQL in turn. Client and wire share one core, so what is
added is the cost of the wire alone. The figure to look at is the ratio of both additions: the aim
is at most 1.5. Run it on an idle machine: other load increases all figures.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe

import psycopg
import uvloop

from worksample.services.mysql import MariadbServer
from worksample.services.mysql.login import Login
from worksample.services.postgres import PostgresServer
from worksample.wire import Wire


class Options(argparse.Namespace):
    """The options of the command line."""

    trips: int
    rounds: int


MYSQL_QUERY = b"\x09\0\0\0\x03select 1"
MYSQL_END = b"\x05\0\0\x05\xfe\0\0\x02\0"
POSTGRES_QUERY = b"Q\0\0\0\x0dselect 1\0"
POSTGRES_END = b"Z\0\0\0\x05I"


def exchange(link: socket.socket, query: bytes, end: bytes, trips: int) -> float:
    """Return the median time of a round trip in microseconds."""
    times = []
    for _ in range(trips):
        began = time.perf_counter()
        link.sendall(query)
        answer = b""
        while not answer.endswith(end):
            answer += link.recv(4096)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def mysql_link(login: Login, name: str) -> tuple[object, socket.socket]:
    connection = login.connect(name)
    return connection, connection._sock  # type: ignore[attr-defined]


def postgres_link(url: str) -> tuple[object, socket.socket]:
    connection = psycopg.connect(url, autocommit=True)
    link = socket.socket(fileno=os.dup(connection.fileno()))
    link.setblocking(True)
    return connection, link


def ask(pipe: Pipe, mysql: list[tuple[Login, str]], postgres: list[str], options: Options) -> None:
    """Send the figures of each round: MySQL directly and wired, PostgreSQL directly and wired."""
    share_one_core()
    links = [mysql_link(*each) for each in mysql] + [postgres_link(each) for each in postgres]
    ways = [(MYSQL_QUERY, MYSQL_END)] * 2 + [(POSTGRES_QUERY, POSTGRES_END)] * 2
    pipe.send(
        [
            [
                exchange(link, *way, options.trips)
                for (_, link), way in zip(links, ways, strict=True)
            ]
            for _ in range(options.rounds)
        ]
    )


def share_one_core() -> None:
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


async def measure(options: Options) -> list[list[float]]:
    """Return the figures of each round."""
    share_one_core()
    async with MariadbServer.run() as mariadb, PostgresServer.start() as postgres:
        one, two = await mariadb.create_resource(), await postgres.create_resource()
        async with Wire.open(one) as first, Wire.open(two) as second:
            here, there = multiprocessing.get_context("spawn").Pipe()
            logins = [(each.owner, one.name) for each in (one, one.at(*first.address))]
            urls = [two.url, second.database.url]
            asking = multiprocessing.get_context("spawn").Process(
                target=ask, args=(there, logins, urls, options)
            )
            asking.start()
            found: list[list[float]] = await asyncio.to_thread(here.recv)
            await asyncio.to_thread(asking.join)
            return found


def main(options: Options, report: Callable[[str], None] = print) -> None:
    rounds = uvloop.run(measure(options))
    added = [
        statistics.median(each[wired] - each[wired - 1] for each in rounds) for wired in (1, 3)
    ]
    for name, at, more in (("MySQL", 0, added[0]), ("PostgreSQL", 2, added[1])):
        direct = statistics.median(each[at] for each in rounds)
        report(f"{name}: {direct:.0f} µs directly, {more:.0f} µs added by the wire")
    report(f"ratio: {added[0] / added[1]:.2f} (aim: at most 1.5)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--trips", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    main(parser.parse_args(namespace=Options()))
