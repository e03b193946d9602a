"""A proxy of Go modules with one module, as files, so that builds need no network."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path

MODULE, VERSION = "example.com/tiny", "v1.0.0"
FILES = {"go.mod": f"module {MODULE}\n", "tiny.go": 'package tiny\n\nconst Word = "tiny"\n'}


def write_proxy(folder: Path) -> str:
    """Write the proxy with the module `MODULE` into `folder`; return its address for GOPROXY."""
    place = folder / MODULE / "@v"
    place.mkdir(parents=True)
    (place / "list").write_text(f"{VERSION}\n")
    (place / f"{VERSION}.info").write_text(json.dumps({"Version": VERSION}))
    (place / f"{VERSION}.mod").write_text(FILES["go.mod"])
    with zipfile.ZipFile(place / f"{VERSION}.zip", "w") as archive:
        for name, text in FILES.items():
            archive.writestr(f"{MODULE}@{VERSION}/{name}", text)
    return folder.as_uri()


def go_sum() -> str:
    """Return the go.sum of a project that requires the module."""
    prefixed = {f"{MODULE}@{VERSION}/{name}": text for name, text in FILES.items()}
    own = _hash({"go.mod": FILES["go.mod"]})
    return f"{MODULE} {VERSION} {_hash(prefixed)}\n{MODULE} {VERSION}/go.mod {own}\n"


def _hash(files: dict[str, str]) -> str:
    """Return the hash h1 of files: a digest of their digests and names."""
    lines = [f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in
             sorted(files.items())]  # fmt: skip
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()
