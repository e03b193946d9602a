"""Workspaces with a tiny server of the challenge `conduit` (`apps/small-conduit`)."""

from __future__ import annotations

import shutil
from pathlib import Path

APP = Path(__file__).parent / "apps" / "small-conduit"


def small_conduit(folder: Path, **environment: str) -> Path:
    """Make the workspace `folder`, whose server gets these variables; return it."""
    shutil.copytree(APP, folder)
    lines = [f'{name} = "{value}"' for name, value in environment.items()]
    text = "\n".join(['challenge = "conduit"', 'spec = "brief"', "[env]", *lines, ""])
    (folder / "worksample.toml").write_text(text)
    return folder
