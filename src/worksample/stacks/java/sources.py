"""What the sources of a module say: whether it has a program, and which one starts Spring Boot."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

MAX_FILES, MAX_BYTES = 5_000, 512 * 1024
_TOKENS = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|"""(?:[^\\]|\\.)*?(?:"""|\Z)|"(?:[^"\\\n]|\\.)*"?',
    re.DOTALL,
)
_SPRING_BOOT = re.compile(r"@SpringBootApplication\b|\bSpringApplication\.run\(|\brunApplication<")
_MAIN = re.compile(r"\bstatic\s+void\s+main\s*\(|^fun\s+main\s*\(", re.MULTILINE)
SUFFIXES = (".java", ".kt", ".groovy")


def starts_spring_boot(module: Path) -> bool:
    """Whether a source of the module in the folder `module` starts Spring Boot."""
    return any(_SPRING_BOOT.search(each) for each in _codes(module))


def has_main(module: Path) -> bool:
    """Whether a source of the module has a `main`."""
    return any(_MAIN.search(each) for each in _codes(module))


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the sources in `folder`, in order."""
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES):
                count += 1
                if count > MAX_FILES:
                    return
                yield Path(place) / name


def _codes(module: Path) -> Iterator[str]:
    """Yield the sources of the server in `module`, without comments."""
    for path in source_files(module / "src" / "main"):
        try:
            if path.stat().st_size > MAX_BYTES:
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        yield _TOKENS.sub(lambda match: " " if match["comment"] else match[0], text)
