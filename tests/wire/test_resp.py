"""A client of Valkey gets through the wire what it gets without, and the wire accounts for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.wire.resp_harness import Client, commands_of, connected, packed, run_resp_scene
from worksample.services.valkey import ValkeyStore
from worksample.wire import Outcome, Wire, account
from worksample.wire.resp import Command, commands_by_connection
from worksample.wire.resp.commands import UNKNOWN

LARGE = 4 * 1024 * 1024
Work = Callable[[Client], Awaitable[list[bytes]]]


async def plain(client: Client) -> list[bytes]:
    found = [
        await client.ask("SET", "name", "ada"),
        await client.ask("GET", "name"),
        await client.ask("GET", "nobody"),
        await client.ask("SELECT", "3"),
        await client.ask("MSET", "a", "1", "b", "2"),
        await client.ask("MGET", "a", "b", "c"),
        await client.ask("LPUSH", "list", *map(str, range(500))),
        await client.ask("LRANGE", "list", "0", "-1"),
        await client.ask("INCR", "list"),
        await client.ask("NOSUCH", "thing"),
        await client.ask("SET", "empty", ""),
        await client.ask("GET", "empty"),
        await client.ask("CONFIG", "GET", "maxmemory-p*"),
        await client.ask("EVAL", "return {1, {2, {'three', false}}, {}}", "1", "a"),
        await client.ask("XADD", "stream", "1-1", "field", "value"),
        await client.ask("XREAD", "COUNT", "2", "STREAMS", "stream", "other", "0", "0"),
    ]
    await client.send(b'*0\r\n\r\nSET inline "two words"\r\nget inline\r\n')
    return [*found, await client.message(), await client.message()]


async def resp3(client: Client) -> list[bytes]:
    hello = await client.ask("HELLO", "3")
    assert hello.startswith(b"%")
    return [
        await client.ask("HSET", "hash", "field", "value"),
        await client.ask("HGETALL", "hash"),
        await client.ask("SADD", "set", "one"),
        await client.ask("SMEMBERS", "set"),
        await client.ask("ZADD", "zset", "1.5", "one"),
        await client.ask("ZSCORE", "zset", "one"),
        await client.ask("GET", "nobody"),
        await client.ask("EVAL", "redis.setresp(3); return redis.call('HGETALL', 'hash')", "0"),
        await client.ask("DEBUG", "PROTOCOL", "ATTRIB"),
        await client.ask("HELLO", "2", "SETNAME", "tester") and b"",
        await client.ask("HGETALL", "hash"),
    ]


async def pipelined(client: Client) -> list[bytes]:
    await client.send(b"".join(packed("INCR", "n") for _ in range(300)) + b"PING\r\n")
    return [await client.message() for _ in range(301)]


async def transactions(client: Client) -> list[bytes]:
    return [
        await client.ask("WATCH", "n"),
        await client.ask("MULTI"),
        await client.ask("SET", "n", "1"),
        await client.ask("INCR", "n"),
        await client.ask("EXEC"),
        await client.ask("MULTI"),
        await client.ask("SET", "n"),
        await client.ask("EXEC"),
        await client.ask("MULTI"),
        await client.ask("GET", "n"),
        await client.ask("DISCARD"),
        await client.ask("EXEC"),
    ]


async def subscriptions(client: Client) -> list[bytes]:
    return [
        await client.ask("SUBSCRIBE", "news", "weather"),
        await client.message(),
        await client.ask("PSUBSCRIBE", "n*"),
        await client.ask("PING"),
        await client.ask("GET", "name"),
        await client.ask("UNSUBSCRIBE"),
        await client.message(),
        await client.ask("PUNSUBSCRIBE", "n*"),
        await client.ask("UNSUBSCRIBE"),
        await client.ask("RPUSH", "words", "message", "subscribe"),
        await client.ask("LRANGE", "words", "0", "-1"),
        await client.ask("SSUBSCRIBE", "shard"),
        await client.ask("RESET"),
    ]


@pytest.mark.parametrize("work", [plain, resp3, pipelined, transactions, subscriptions])
def test_client_gets_through_the_wire_what_it_gets_without(work: Work, loop: str) -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(store) as client:
            direct = await work(client)
            await client.ask("RESET")
            await client.ask("AUTH", store.password)
            await client.ask("FLUSHALL")
        async with connected(wire.resource) as client:
            assert await work(client) == direct
            [connection] = wire.connections.values()
            assert not connection.passthrough_reason
            assert connection.tracker.idle
        assert not wire.problems
        assert all(trip.outcome is Outcome.ANSWERED for trip in wire.history)

    run_resp_scene(scene, loop)


def test_messages_of_others_are_no_replies() -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        for hello in ("2", "3"):
            async with connected(wire.resource) as client, connected(store) as other:
                await client.ask("HELLO", hello)
                await client.ask("SUBSCRIBE", "news")
                assert await other.ask("PUBLISH", "news", "first") == b":1\r\n"
                assert b"message" in await client.message()
                pong = await client.ask("PING")
                await other.ask("PUBLISH", "news", "second")
                assert b"message" in await client.message()
                assert await client.ask("QUIT") == b"+OK\r\n"
                assert pong == (b"+PONG\r\n" if hello == "3" else b"*2\r\n$4\r\npong\r\n$0\r\n\r\n")
        async with connected(wire.resource) as client, connected(store) as other:
            await client.ask("HELLO", "3")
            await client.ask("CLIENT", "TRACKING", "ON")
            await client.ask("GET", "watched")
            await other.ask("SET", "watched", "1")
            assert b"invalidate" in await client.message()
            assert await client.ask("GET", "watched") == b"$1\r\n1\r\n"
        assert not wire.problems
        names = ["AUTH", "HELLO", "SUBSCRIBE", "PING", "QUIT"]
        assert commands_of(list(wire.history))[:10] == names * 2

    run_resp_scene(scene)


def test_blocking_command_is_one_round_trip_until_its_reply() -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(wire.resource) as client, connected(store) as other:
            waiting = asyncio.create_task(client.ask("BLPOP", "queue", "jobs", "0"))
            while b"cmd=blpop" not in await other.ask("CLIENT", "LIST"):
                await asyncio.sleep(0)
            [connection] = wire.connections.values()
            assert connection.awaiting_reply
            assert not connection.tracker.idle
            await other.ask("RPUSH", "jobs", "one")
            assert b"one" in await waiting
            [statement] = wire.history[-1].statements
            assert isinstance(statement, Command)
            assert (statement.sql, statement.keys, statement.rows) == ("BLPOP", 2, 2)

    run_resp_scene(scene)


def test_large_value_passes_without_being_held(loop: str) -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        value = bytes(range(256)) * (LARGE // 256)
        async with connected(wire.resource) as client:
            [connection] = wire.connections.values()
            held = []
            client.writer.write(packed("SET", "large", value))
            stored = asyncio.create_task(client.message())
            while not stored.done():
                held.append(len(connection._rest))
                await asyncio.sleep(0)
            assert await stored == b"+OK\r\n"
            got = asyncio.create_task(client.ask("GET", "large"))
            while not got.done():
                held.append(len(connection._unparsed))
                await asyncio.sleep(0)
            assert await got == b"$%d\r\n%s\r\n" % (LARGE, value)
            assert max(held) < 1024
            put, found = (each.statements[0] for each in list(wire.history)[-2:])
            assert isinstance(put, Command)
            assert put.sent > LARGE
            assert found.size > LARGE

    run_resp_scene(scene, loop)


def test_account_counts_commands_keys_and_bytes_without_secrets() -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(wire.resource) as client:
            await client.ask("CLIENT", "SETINFO", "LIB-NAME", "hush")
            await client.ask("CONFIG", "SET", "requirepass", store.password)
            await client.ask("MSET", "hush:1", "hush", "hush:2", "hush")
            await client.ask("MGET", "hush:1", "hush:2")
            await client.ask("GET", "hush:1")
            await client.ask("GET", "hush:2")
            await client.ask("AUHT", "hush")
            await client.ask("hush")
            await client.ask("AUTH", "hush")
        totals = commands_by_connection(wire.history)
        assert {each.connection for each in totals} == {1}
        assert [(each.command, each.count, each.keys, each.errors) for each in totals] == [
            (UNKNOWN, 2, 0, 2),
            ("AUTH", 2, 0, 1),
            ("CLIENT SETINFO", 1, 0, 0),
            ("CONFIG SET", 1, 0, 0),
            ("GET", 2, 2, 0),
            ("MGET", 1, 2, 0),
            ("MSET", 1, 2, 0),
        ]
        gets = next(each for each in totals if each.command == "GET")
        assert gets.sent == 2 * len(packed("GET", "hush:1"))
        assert gets.received == 2 * len(b"$4\r\nhush\r\n")
        assert gets.seconds > 0
        assert account(wire.history).writes == 1
        recorded = repr(list(wire.history)) + repr(totals) + repr(wire.problems)
        assert "hush" not in recorded.lower()
        assert store.password not in recorded

    run_resp_scene(scene)


def test_commands_are_those_of_the_server() -> None:
    """Names, writes and numbers of keys agree with what the server itself says."""
    samples: dict[str, list[str]] = {
        "BITOP": ["AND", "to", "a", "b", "c"],
        "EVAL": ["return 1", "2", "a", "b", "c"],
        "ZUNIONSTORE": ["to", "2", "a", "b"],
        "ZDIFF": ["1", "a", "WITHSCORES"],
        "LMPOP": ["2", "a", "b", "LEFT"],
        "BLMPOP": ["0.01", "2", "a", "b", "LEFT"],
        "XREAD": ["COUNT", "1", "BLOCK", "5", "STREAMS", "a", "b", "0", "0"],
        "XREADGROUP": ["GROUP", "streams", "me", "STREAMS", "a", "0"],
        "MSETEX": ["2", "a", "1", "b", "2"],
        "MSET": ["a", "1", "b", "2"],
        "BLPOP": ["a", "b", "c", "0.01"],
        "OBJECT": ["ENCODING", "a"],
        "XGROUP": ["CREATE", "a", "g", "0"],
        "COPY": ["a", "b"],
        "DEL": ["a", "b", "c"],
        "GET": ["a"],
        "HSET": ["a", "f", "v", "g", "w"],
        "SORT_RO": ["a"],
    }

    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(store) as direct:
            await direct.ask("HELLO", "2")
            known = parsed(await direct.ask("COMMAND"))
        for each in known:
            for name, flags in [(each[0], each[2]), *((sub[0], sub[2]) for sub in each[9])]:
                words = name.upper().split("|")
                command = Command(_recorded(words))
                assert command.sql == " ".join(words)
                assert command.writes == ("write" in flags), name
        async with connected(wire.resource) as client, connected(store) as direct:
            for name, arguments in samples.items():
                keys = parsed(await direct.ask("COMMAND", "GETKEYS", name, *arguments))
                await client.ask(name, *arguments)
                [statement] = wire.history[-1].statements
                assert isinstance(statement, Command)
                assert statement.keys == len(keys), name

    run_resp_scene(scene)


def _recorded(words: list[str]) -> str:
    from worksample.wire.resp.commands import name_of, with_subcommand

    name = name_of(words[0].encode())
    return with_subcommand(name, words[1].encode()) if len(words) > 1 else name


def parsed(message: bytes) -> Any:
    """Return a message of RESP2 as a value."""

    def value(at: int) -> tuple[Any, int]:
        end = message.index(b"\r\n", at)
        kind, text = message[at : at + 1], message[at + 1 : end].decode()
        if kind == b"$":
            start = end + 2
            return message[start : start + int(text)].decode(), start + int(text) + 2
        if kind != b"*":
            return (int(text) if kind == b":" else text), end + 2
        found, at = [], end + 2
        for _ in range(int(text)):
            each, at = value(at)
            found.append(each)
        return found, at

    return value(0)[0]


def test_cut_and_outage_end_connections_and_refuse_new_ones() -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(wire.resource) as client, connected(wire.resource) as other:
            await client.ask("SET", "name", "ada")
            wire.connections[1].cut(reset=True)
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await client.ask("GET", "name")
            assert await other.ask("GET", "name") == b"$3\r\nada\r\n"
            waiting = asyncio.create_task(other.ask("BLPOP", "queue", "0"))
            async with connected(store) as direct:
                while b"cmd=blpop" not in await direct.ask("CLIENT", "LIST"):
                    await asyncio.sleep(0)
            wire.take_down()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await waiting
            assert wire.history[-1].outcome is Outcome.LOST
            assert wire.disturbed
            with pytest.raises(ConnectionRefusedError):
                async with connected(wire.resource):
                    pass
        wire.bring_up()
        async with connected(wire.resource) as client:
            assert await client.ask("GET", "name") == b"$3\r\nada\r\n"

    run_resp_scene(scene)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"*1\r\n+PING\r\n", "no bulk string"),
        (b"*x\r\n", "no number"),
        (b"*1\r\n$-5\r\n", "negative size"),
        (b"*" + b"1" * 40, "no number"),
    ],
)
def test_broken_frame_ends_only_its_connection_and_is_told(broken: bytes, reason: str) -> None:
    async def outcome(store: Any) -> bytes:
        async with connected(store) as client:
            await client.send(broken + b"\r\n")
            return await client.reader.read()

    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(wire.resource) as other:
            direct, wired = await outcome(store), await outcome(wire.resource)
            assert wired == direct
            assert wired.startswith(b"-ERR Protocol error")
            await wire._condition.wait_for(lambda: bool(wire.problems))
            [problem] = wire.problems
            assert reason in problem
            assert await other.ask("PING") == b"+PONG\r\n"

    run_resp_scene(scene)


def test_monitor_and_replies_turned_off_pass_without_being_parsed() -> None:
    async def scene(wire: Wire, store: ValkeyStore) -> None:
        async with connected(wire.resource) as client, connected(store) as other:
            assert await client.ask("MONITOR") == b"+OK\r\n"
            await other.ask("SET", "name", "ada")
            assert b'"SET" "name" "ada"' in await client.message()
        async with connected(wire.resource) as client:
            await client.send(packed("CLIENT", "REPLY", "SKIP") + packed("SET", "a", "1"))
            assert await client.ask("GET", "a") == b"$1\r\n1\r\n"
        await wire._condition.wait_for(lambda: len(wire.problems) == 2)
        assert ["MONITOR" in each or "CLIENT REPLY" in each for each in wire.problems] == [True] * 2

    run_resp_scene(scene)


def test_tls_is_refused_plainly() -> None:
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async def scene(wire: Wire, store: ValkeyStore) -> None:
        with pytest.raises(ssl.SSLError, match="alert handshake failure"):
            await asyncio.open_connection(*wire.address, ssl=context)
        await wire._condition.wait_for(lambda: bool(wire.problems))
        [problem] = wire.problems
        assert "rediss://" in problem
        async with connected(wire.resource) as client:
            await client.ask("PING")
        assert not wire.problems

    run_resp_scene(scene)


@pytest.mark.parametrize("version", [2, 3])
def test_driver_gets_through_the_wire_what_it_gets_without(version: int) -> None:
    """The driver that comes with the package of the server, a fork of redis-py."""
    valkey = pytest.importorskip("valkey")

    def work(url: str) -> str:
        with valkey.Valkey.from_url(url, protocol=version) as client:
            client.flushall()
            found: list[Any] = [client.set("name", "ada", ex=100), client.get("name")]
            with client.pipeline(transaction=True) as pipe:
                pipe.incr("n").incr("n").hset("hash", "field", "value").hgetall("hash")
                found.append(pipe.execute())
            with client.pipeline(transaction=False) as pipe:
                for each in range(50):
                    pipe.rpush("list", each)
                found.append(pipe.execute())
            found.append(client.lrange("list", 0, -1))
            found.append(client.blpop(["nothing", "list"], timeout=1))
            found.append(client.register_script("return ARGV[1]")(args=["told"]))
            with client.pubsub() as listener:
                listener.subscribe("news")
                found.append(listener.get_message(timeout=10))
                client.publish("news", "rain")
                found.append(listener.get_message(timeout=10))
            found.append(sorted(client.scan_iter("*")))
            return repr(found)

    async def scene(wire: Wire, store: ValkeyStore) -> None:
        direct = await asyncio.to_thread(work, store.url)
        wired = wire.resource.environment["REDIS_URL"]
        assert wired != store.url
        assert await asyncio.to_thread(work, wired) == direct
        assert not wire.problems
        assert "EVALSHA" in commands_of(list(wire.history))

    run_resp_scene(scene)
