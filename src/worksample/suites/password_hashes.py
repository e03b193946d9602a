"""Recognise weak password hashes: fast digests by computing them, low work factors by format."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator

from worksample.messages import message

FAST_HASHES = (
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3_256",
    "sha3_512",
    "blake2b",
)
_MIN_SALT, _MAX_SALT = 4, 128

# Minimum work factors, far below those of the OWASP Password Storage Cheat Sheet (bcrypt 10,
# PBKDF2 210,000, Argon2 7 MiB), so that no published recommendation is refused.
_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$")
_PBKDF2 = re.compile(r"pbkdf2[^0-9a-z]?(?:hmac)?[^0-9a-z]?sha\d+[^0-9a-z](\d+)", re.I)
_ARGON2 = re.compile(r"\$argon2(?:id|i|d)\$.*?m=(\d+),t=(\d+)")
_MIN_BCRYPT, _MIN_PBKDF2, _MIN_ARGON2_KIB = 8, 20_000, 1024


def find_fast_hash(password: str, texts: list[str]) -> str:
    """Return which fast hash of `password` is among `texts`, in words, or an empty string.

    Every function is tried on the password alone and with each text, or part of one, as the salt:
    as it is, or decoded from hexadecimal or base64.
    """
    joined = "\n".join(texts)
    joined_lower = joined.lower()
    for what, digest in _digests(password.encode(), set(_salt_candidates(texts))):
        coded = base64.b64encode(digest).decode().rstrip("=")
        urlsafe = coded.replace("+", "-").replace("/", "_")
        if digest.hex() in joined_lower or coded in joined or urlsafe in joined:
            return what
    return ""


def _salt_candidates(texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        for piece in {text, *re.split(r"[$:.]", text), text.removeprefix("\\x")}:
            for salt in _decodings(piece):
                if _MIN_SALT <= len(salt) <= _MAX_SALT:
                    yield salt


def _decodings(text: str) -> Iterator[bytes]:
    yield text.encode()
    decoders: tuple[Callable[[str], bytes], ...] = (bytes.fromhex, _decode_base64)
    for decode in decoders:
        try:
            yield decode(text)
        except (ValueError, binascii.Error):
            continue


def _decode_base64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _digests(raw: bytes, salts: set[bytes]) -> Iterator[tuple[str, bytes]]:
    for name in FAST_HASHES:
        yield message("{name} of the password", name=name), hashlib.new(name, raw).digest()
        for salt in salts:
            yield (
                message("{name} of salt and password", name=name),
                hashlib.new(name, salt + raw).digest(),
            )
            yield (
                message("{name} of password and salt", name=name),
                hashlib.new(name, raw + salt).digest(),
            )
            yield (
                message("HMAC-{name} with the salt as key", name=name),
                hmac.digest(salt, raw, name),
            )


def describe_weakness(text: str) -> str:
    """Return what is weak about a hash in a known format, in words, or an empty string."""
    if (found := _BCRYPT.search(text)) and int(found[1]) < _MIN_BCRYPT:
        return message("bcrypt with a cost of {cost}", cost=found[1])
    if (found := _PBKDF2.search(text)) and int(found[1]) < _MIN_PBKDF2:
        return message("PBKDF2 with {cost} rounds", cost=found[1])
    if found := _ARGON2.search(text):
        memory, rounds = int(found[1]), int(found[2])
        if memory * rounds < _MIN_ARGON2_KIB:
            return message(
                "Argon2 with {memory} KiB and {rounds} rounds", memory=memory, rounds=rounds
            )
    return ""
