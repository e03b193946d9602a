"""The commands of Valkey and Redis: which there are, how many keys each names, which ones write.

The names are those of https://valkey.io/commands/; a test compares them with the server's own list.
A subcommand is written `CONFIG|GET`. Names that are not listed are not recorded, because what
stands in their place may be a secret that was sent by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

from worksample.wire.round_trips import Statement

UNKNOWN = "(unknown)"
SUBSCRIPTIONS = frozenset(
    f"{kind}{word}" for kind in ("", "P", "S") for word in ("SUBSCRIBE", "UNSUBSCRIBE")
)
#: After these the connection is no longer one of requests and replies.
UNPARSED = {
    "MONITOR": "it watches the commands of all connections (MONITOR)",
    "SYNC": "it replicates the database",
    "PSYNC": "it replicates the database",
    "REPLCONF": "it replicates the database",
    "CLIENT REPLY": "it turns replies off and on (CLIENT REPLY)",
}
_CONTROL = frozenset({"MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH"})
_HOUSEKEEPING = frozenset(
    {"AUTH", "CLIENT", "COMMAND", "HELLO", "INFO", "PING", "QUIT", "RESET", "SELECT"}
)
#: Where the number of keys stands, as the server counts arguments: the command is 0.
_NUMBER_AT = {
    **dict.fromkeys(("LMPOP", "MSETEX", "SINTERCARD", "ZMPOP"), 1),
    **dict.fromkeys(("ZDIFF", "ZINTER", "ZINTERCARD", "ZUNION"), 1),
    **dict.fromkeys(("BLMPOP", "BZMPOP", "EVAL", "EVAL_RO", "EVALSHA", "EVALSHA_RO"), 2),
    **dict.fromkeys(("FCALL", "FCALL_RO", "ZDIFFSTORE", "ZINTERSTORE", "ZUNIONSTORE"), 2),
}
#: The word after which keys and identifiers follow, and where it stands at the earliest.
STREAMS = b"STREAMS"
_STREAMS_FROM = {"XREAD": 1, "XREADGROUP": 4}


def _names(text: str) -> frozenset[str]:
    return frozenset(each.replace("|", " ") for each in text.split())


_NO_KEYS = _names(
    """
    ACL ACL|CAT ACL|DELUSER ACL|DRYRUN ACL|GENPASS ACL|GETUSER ACL|HELP ACL|LIST ACL|LOAD
    ACL|LOG ACL|SAVE ACL|SETUSER ACL|USERS ACL|WHOAMI ASKING AUTH BGREWRITEAOF BGSAVE CLIENT
    CLIENT|CACHING CLIENT|CAPA CLIENT|GETNAME CLIENT|GETREDIR CLIENT|HELP CLIENT|ID
    CLIENT|IMPORT-SOURCE CLIENT|INFO CLIENT|KILL CLIENT|LIST CLIENT|NO-EVICT CLIENT|NO-TOUCH
    CLIENT|PAUSE CLIENT|REPLY CLIENT|SETINFO CLIENT|SETNAME CLIENT|TRACKING
    CLIENT|TRACKINGINFO CLIENT|UNBLOCK CLIENT|UNPAUSE CLUSTER CLUSTER|ADDSLOTS
    CLUSTER|ADDSLOTSRANGE CLUSTER|BUMPEPOCH CLUSTER|CANCELSLOTMIGRATIONS
    CLUSTER|COUNT-FAILURE-REPORTS CLUSTER|COUNTKEYSINSLOT CLUSTER|DELSLOTS
    CLUSTER|DELSLOTSRANGE CLUSTER|FAILOVER CLUSTER|FLUSHSLOT CLUSTER|FLUSHSLOTS
    CLUSTER|FORGET CLUSTER|GETKEYSINSLOT CLUSTER|GETSLOTMIGRATIONS CLUSTER|HELP CLUSTER|INFO
    CLUSTER|KEYSLOT CLUSTER|LINKS CLUSTER|MEET CLUSTER|MIGRATESLOTS CLUSTER|MYID
    CLUSTER|MYSHARDID CLUSTER|NODES CLUSTER|REPLICAS CLUSTER|REPLICATE CLUSTER|RESET
    CLUSTER|SAVECONFIG CLUSTER|SET-CONFIG-EPOCH CLUSTER|SETSLOT CLUSTER|SHARDS
    CLUSTER|SLAVES CLUSTER|SLOT-STATS CLUSTER|SLOTS CLUSTER|SYNCSLOTS COMMAND COMMANDLOG
    COMMANDLOG|GET COMMANDLOG|HELP COMMANDLOG|LEN COMMANDLOG|RESET COMMAND|COUNT
    COMMAND|DOCS COMMAND|GETKEYS COMMAND|GETKEYSANDFLAGS COMMAND|HELP COMMAND|INFO
    COMMAND|LIST CONFIG CONFIG|GET CONFIG|HELP CONFIG|RESETSTAT CONFIG|REWRITE CONFIG|SET
    DBSIZE DEBUG DISCARD ECHO EXEC FAILOVER FLUSHALL FLUSHDB FUNCTION FUNCTION|DELETE
    FUNCTION|DUMP FUNCTION|FLUSH FUNCTION|HELP FUNCTION|KILL FUNCTION|LIST FUNCTION|LOAD
    FUNCTION|RESTORE FUNCTION|STATS HELLO INFO KEYS LASTSAVE LATENCY LATENCY|DOCTOR
    LATENCY|GRAPH LATENCY|HELP LATENCY|HISTOGRAM LATENCY|HISTORY LATENCY|LATEST
    LATENCY|RESET LOLWUT MEMORY MEMORY|DOCTOR MEMORY|HELP MEMORY|MALLOC-STATS MEMORY|PURGE
    MEMORY|STATS MODULE MODULE|HELP MODULE|LIST MODULE|LOAD MODULE|LOADEX MODULE|UNLOAD
    MONITOR MULTI OBJECT OBJECT|HELP PFSELFTEST PING PSUBSCRIBE PSYNC PUBLISH PUBSUB
    PUBSUB|CHANNELS PUBSUB|HELP PUBSUB|NUMPAT PUBSUB|NUMSUB PUBSUB|SHARDCHANNELS
    PUBSUB|SHARDNUMSUB PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE REPLCONF REPLICAOF
    RESET ROLE SAVE SCAN SCRIPT SCRIPT|DEBUG SCRIPT|EXISTS SCRIPT|FLUSH SCRIPT|HELP
    SCRIPT|KILL SCRIPT|LOAD SCRIPT|SHOW SELECT SHUTDOWN SLAVEOF SLOWLOG SLOWLOG|GET
    SLOWLOG|HELP SLOWLOG|LEN SLOWLOG|RESET SUBSCRIBE SWAPDB SYNC TIME UNSUBSCRIBE UNWATCH
    WAIT WAITAOF XGROUP XGROUP|HELP XINFO XINFO|HELP
    """
)
_ONE_KEY = _names(
    """
    APPEND BITCOUNT BITFIELD BITFIELD_RO BITPOS CLUSTERSCAN DECR DECRBY DELIFEQ DUMP EXPIRE
    EXPIREAT EXPIRETIME GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER
    GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH GET GETBIT GETDEL GETEX GETRANGE GETSET HDEL
    HEXISTS HEXPIRE HEXPIREAT HEXPIRETIME HGET HGETALL HGETDEL HGETEX HINCRBY HINCRBYFLOAT
    HKEYS HLEN HMGET HMSET HPERSIST HPEXPIRE HPEXPIREAT HPEXPIRETIME HPTTL HRANDFIELD HSCAN
    HSET HSETEX HSETNX HSTRLEN HTTL HVALS INCR INCRBY INCRBYFLOAT LINDEX LINSERT LLEN LPOP
    LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM MIGRATE MOVE PERSIST PEXPIRE PEXPIREAT
    PEXPIRETIME PFADD PSETEX PTTL RESTORE RESTORE-ASKING RPOP RPUSH RPUSHX SADD SCARD SET
    SETBIT SETEX SETNX SETRANGE SISMEMBER SMEMBERS SMISMEMBER SORT SORT_RO SPOP SPUBLISH
    SRANDMEMBER SREM SSCAN STRLEN SUBSTR TTL TYPE XACK XADD XAUTOCLAIM XCLAIM XDEL XLEN
    XPENDING XRANGE XREVRANGE XSETID XTRIM ZADD ZCARD ZCOUNT ZINCRBY ZLEXCOUNT ZMSCORE
    ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREM ZREMRANGEBYLEX
    ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK
    ZSCAN ZSCORE
    """
)
_ONE_KEY_AFTER_ANOTHER_WORD = _names(
    """
    MEMORY|USAGE OBJECT|ENCODING OBJECT|FREQ OBJECT|IDLETIME OBJECT|REFCOUNT PFDEBUG
    XGROUP|CREATE XGROUP|CREATECONSUMER XGROUP|DELCONSUMER XGROUP|DESTROY XGROUP|SETID
    XINFO|CONSUMERS XINFO|GROUPS XINFO|STREAM
    """
)
_TWO_KEYS = _names(
    """
    BLMOVE BRPOPLPUSH COPY GEOSEARCHSTORE LCS LMOVE RENAME RENAMENX RPOPLPUSH SMOVE
    ZRANGESTORE
    """
)
_ONLY_KEYS = _names(
    """
    DEL EXISTS MGET PFCOUNT PFMERGE SDIFF SDIFFSTORE SINTER SINTERSTORE SSUBSCRIBE SUNION
    SUNIONSTORE SUNSUBSCRIBE TOUCH UNLINK WATCH
    """
)
_KEYS_AND_A_TIMEOUT = _names(
    """
    BLPOP BRPOP BZPOPMAX BZPOPMIN
    """
)
_KEYS_AND_VALUES = _names(
    """
    MSET MSETNX
    """
)
WRITES = _names(
    """
    APPEND BITFIELD BITOP BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN
    CLUSTER|FLUSHSLOT COPY DECR DECRBY DEL DELIFEQ EXPIRE EXPIREAT FLUSHALL FLUSHDB
    FUNCTION|DELETE FUNCTION|FLUSH FUNCTION|LOAD FUNCTION|RESTORE GEOADD GEORADIUS
    GEORADIUSBYMEMBER GEOSEARCHSTORE GETDEL GETEX GETSET HDEL HEXPIRE HEXPIREAT HGETDEL
    HGETEX HINCRBY HINCRBYFLOAT HMSET HPERSIST HPEXPIRE HPEXPIREAT HSET HSETEX HSETNX INCR
    INCRBY INCRBYFLOAT LINSERT LMOVE LMPOP LPOP LPUSH LPUSHX LREM LSET LTRIM MIGRATE MOVE
    MSET MSETEX MSETNX PERSIST PEXPIRE PEXPIREAT PFADD PFDEBUG PFMERGE PSETEX RENAME
    RENAMENX RESTORE RESTORE-ASKING RPOP RPOPLPUSH RPUSH RPUSHX SADD SDIFFSTORE SET SETBIT
    SETEX SETNX SETRANGE SINTERSTORE SMOVE SORT SPOP SREM SUNIONSTORE SWAPDB UNLINK XACK
    XADD XAUTOCLAIM XCLAIM XDEL XGROUP|CREATE XGROUP|CREATECONSUMER XGROUP|DELCONSUMER
    XGROUP|DESTROY XGROUP|SETID XREADGROUP XSETID XTRIM ZADD ZDIFFSTORE ZINCRBY ZINTERSTORE
    ZMPOP ZPOPMAX ZPOPMIN ZRANGESTORE ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE
    ZUNIONSTORE
    """
)
_NAMES = (
    _NO_KEYS
    | _ONE_KEY
    | _ONE_KEY_AFTER_ANOTHER_WORD
    | _TWO_KEYS
    | _ONLY_KEYS
    | _KEYS_AND_A_TIMEOUT
    | _KEYS_AND_VALUES
    | _NUMBER_AT.keys()
    | _STREAMS_FROM.keys()
    | {"BITOP"}
)
_CONTAINERS = frozenset(each.partition(" ")[0] for each in _NAMES if " " in each)
LONGEST = max(len(each) for each in _NAMES)


@dataclass(slots=True, eq=False)
class Command(Statement):
    """A command without its arguments: `sql` is its name, `CONFIG GET` with a subcommand.

    `keys` is the number of keys that it names (those behind the options STORE and KEYS are not
    counted), `sent` its size in bytes. `rows` is the number of values in the reply, 0 for a null;
    `size` is the size of the reply.
    """

    keys: int = 0
    sent: int = 0

    @property
    def is_control(self) -> bool:
        """See `Statement`."""
        return self.sql in _CONTROL

    @property
    def is_housekeeping(self) -> bool:
        """See `Statement`."""
        return self.is_control or self.sql.partition(" ")[0] in _HOUSEKEEPING

    @property
    def writes(self) -> bool:
        """See `Statement`. What a script or function does is not known."""
        return self.sql in WRITES


def name_of(word: bytes) -> str:
    """Return the command that `word` names, `UNKNOWN` if there is none."""
    name = word.decode("ascii", "replace").upper()
    return name if name in _NAMES else UNKNOWN


def with_subcommand(name: str, word: bytes) -> str:
    """Return the name with the subcommand that `word` names, or without if there is none."""
    full = f"{name} {word.decode('ascii', 'replace').upper()}"
    return full if full in _NAMES else name


def has_subcommands(name: str) -> bool:
    """Whether the word after `name` may be a subcommand."""
    return name in _CONTAINERS


def tells_keys(name: str, index: int) -> bool:
    """Whether the argument at `index` may say how many keys there are."""
    return index == _NUMBER_AT.get(name) or index >= _STREAMS_FROM.get(name, index + 1)


def told_keys(name: str, index: int, word: bytes, count: int) -> int:
    """Return the number of keys that the argument at `index` tells, 0 if it tells none.

    `count` is the number of arguments, with the name.
    """
    if name in _STREAMS_FROM:
        return (count - index - 1) // 2 if word.upper() == STREAMS else 0
    if not word.isdigit():
        return 0
    return min(int(word), count - index - 1) + name.endswith("STORE")


def counted_keys(name: str, count: int) -> int:
    """Return the number of keys that follows from the number of arguments, with the name."""
    arguments = count - 1
    if name in _ONLY_KEYS:
        return arguments
    if name in _KEYS_AND_A_TIMEOUT or name == "BITOP":
        return max(arguments - 1, 0)
    if name in _KEYS_AND_VALUES:
        return (arguments + 1) // 2
    if name in _TWO_KEYS:
        return min(arguments, 2)
    if name in _ONE_KEY_AFTER_ANOTHER_WORD:
        return int(arguments > 1)
    return int(name in _ONE_KEY and arguments > 0)
