"""Seals: a text that shows nothing of what is in it, and tells where it was changed.

    worksample-seal 1
    5d0c4e1f task=booking mend 7
    81f3a26b digest=0f6e…
    93c1ab08 lines=112
    2ab94c77 pZ0q…

Each line but the first begins with a check of its number and text. The contents are compressed and
scrambled, so that no search finds a word of them; the same contents for the same task give the
same text. A seal hides, it does not protect: the key follows from what stands in the file, so
whoever reads this module can open it. A cipher from a library would not change that.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from worksample.catalogue.mistakes import Mistake
from worksample.errors import BrokenSeal
from worksample.messages import message, plural

SUFFIX = ".sealed"
#: The folder of a challenge with the tasks that it ships; what is sealed there must be whole.
TASKS = "tasks"
_NAME, _VERSION = "worksample-seal", "1"
_TASK, _DIGEST, _COUNT = 2, 3, 4
#: The lines of the header, by number.
_HEADER = {
    _TASK: re.compile(r"task=(.+)"),
    _DIGEST: re.compile(r"digest=([0-9a-f]{32})"),
    _COUNT: re.compile(r"lines=([0-9]{1,8})"),
}
_CHARACTERS_A_LINE = 76
_BLOCK = 4096
_MAX_BYTES = 1 << 28
_MAX_SHOWN = 20


def sealed(content: bytes, task: str) -> str:
    """Return `content` as the text of a seal.

    `task` is one line that identifies the task; it can be read in the seal.
    """
    digest = _digest(content, task)
    # bz2, because its output is the same everywhere; implementations of zlib differ. The length is
    # rounded up, because it would tell known contents apart.
    packed = bz2.compress(content)
    packed += bytes(-len(packed) % _BLOCK)
    hidden = base64.b64encode(_scrambled(packed, task, digest)).decode()
    starts = range(0, len(hidden), _CHARACTERS_A_LINE)
    data = [hidden[at : at + _CHARACTERS_A_LINE] for at in starts]
    texts = (f"task={task}", f"digest={digest}", f"lines={len(data)}", *data)
    lines = (f"{_check(number, text)} {text}" for number, text in enumerate(texts, _TASK))
    return "".join(f"{line}\n" for line in (f"{_NAME} {_VERSION}", *lines))


def unsealed(path: Path, task: str) -> bytes:
    """Return the contents of the seal `path`, which must have been made for `task`.

    Raises `BrokenSeal`, with all lines that were changed.
    """
    require_intact([path])
    lines = _lines(path.read_text(encoding="utf-8"))
    texts = [line.partition(" ")[2] for line in lines]
    made_for, digest = (_value(number, texts[number - 1]) for number in (_TASK, _DIGEST))
    if made_for != task:
        problem = message(
            "the seal was made for the task `{other}`, and this one is `{task}`",
            other=made_for,
            task=task,
        )
        raise _broken([Mistake(path, _TASK, problem)])
    content = _opened("".join(texts[_COUNT:]), task, digest)
    if content is None:
        wrong = "is not the digest of the contents; the seal was put together from others"
        raise _broken([Mistake(path, _DIGEST, wrong)])
    return content


def task_of(path: Path) -> str:
    """Return the name of the task that the seal `path` was made for. Raises `BrokenSeal`."""
    require_intact([path])
    return _value(_TASK, _lines(path.read_text(encoding="utf-8"))[_TASK - 1].partition(" ")[2])


def require_intact(paths: Iterable[Path]) -> None:
    """Raise `BrokenSeal`, with every changed line of every file, unless all are whole seals."""
    if found := [mistake for path in paths for mistake in mistakes_in(path)]:
        raise _broken(found)


def mistakes_in(path: Path) -> Iterator[Mistake]:
    """Yield the lines of the seal `path` that were changed, and where lines are missing."""
    try:
        first, *rest = lines = _lines(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        yield Mistake(path, 1, "is missing")
        return
    except (OSError, UnicodeDecodeError) as error:
        yield Mistake(path, 1, message("cannot be read: {error}", error=error))
        return
    if first != f"{_NAME} {_VERSION}":
        yield Mistake(path, 1, _first_line_problem(first))
        return
    changed = [number for number, line in enumerate(rest, _TASK) if not _is_intact(number, line)]
    for number in changed[:_MAX_SHOWN]:
        yield Mistake(path, number, "was changed")
    if more := len(changed[_MAX_SHOWN:]):
        one, other = "one more line was changed", "{count} more lines were changed"
        yield Mistake(path, changed[_MAX_SHOWN], plural(more, one, other))
    if _COUNT not in changed:
        yield from _miscounted(path, lines)


def _first_line_problem(first: str) -> str:
    name, _, version = first.partition(" ")
    if name == _NAME:
        return message(
            "is a seal of version {version}; this Worksample opens version {known}",
            version=version,
            known=_VERSION,
        )
    return message("is not a seal, which begins with `{begin}`", begin=f"{_NAME} {_VERSION}")


def _miscounted(path: Path, lines: list[str]) -> Iterator[Mistake]:
    if len(lines) < _COUNT:
        yield Mistake(path, len(lines), "the file ends here, within the first lines of a seal")
        return
    expected = _COUNT + int(_value(_COUNT, lines[_COUNT - 1].partition(" ")[2]))
    if missing := max(0, expected - len(lines)):
        one = "the file ends here; one line is missing"
        other = "the file ends here; {count} lines are missing"
        yield Mistake(path, len(lines), plural(missing, one, other))
    elif len(lines) > expected:
        yield Mistake(path, expected + 1, "the seal ends before this line")


def _opened(hidden: str, task: str, digest: str) -> bytes | None:
    """Return the contents, None if they do not have this digest."""
    try:
        packed = _scrambled(base64.b64decode(hidden, validate=True), task, digest)
        content = bz2.BZ2Decompressor().decompress(packed, _MAX_BYTES)
    except (binascii.Error, OSError, ValueError, EOFError):
        return None
    return content if _digest(content, task) == digest else None


def _scrambled(data: bytes, task: str, digest: str) -> bytes:
    """Return `data` XOR a stream of bytes that follows from task and digest; its own inverse."""
    stream = hashlib.shake_256(f"{_NAME}\n{task}\n{digest}".encode()).digest(len(data))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(data), "big")


def _digest(content: bytes, task: str) -> str:
    return hashlib.sha256(task.encode() + b"\n" + content).hexdigest()[:32]


def _check(number: int, text: str) -> str:
    return hashlib.sha256(f"{number} {text}".encode()).hexdigest()[:8]


def _is_intact(number: int, line: str) -> bool:
    check, _, text = line.partition(" ")
    fits = number not in _HEADER or bool(_HEADER[number].fullmatch(text))
    return fits and check == _check(number, text)


def _value(number: int, text: str) -> str:
    """Return the value that a line of the header states."""
    found = _HEADER[number].fullmatch(text)
    assert found is not None
    return found[1]


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _broken(mistakes: Iterable[Mistake]) -> BrokenSeal:
    return BrokenSeal(
        "\n".join(map(str, mistakes)),
        hint="Take the file back as it was, for example from version control.",
    )
