"""MkDocs: the README and its neighbours are pages of the site too, the README the first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^):#]+)(#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each of `PAGES`."""
    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=relinked(text)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links of a page in docs/ to the repository's root to the pages of the site."""
    for name, page in PAGES.items():
        markdown = markdown.replace(f"](../{name}", f"]({page}")
    return markdown


def relinked(text: str) -> str:
    """Return Markdown of the repository's root with links that lead to pages of the site.

    A link to what the site does not have (a folder of the repository) becomes its words.
    """

    def link(found: re.Match[str]) -> str:
        image, words, target, anchor = found.groups()
        if target in PAGES:
            target = PAGES[target]
        elif target.startswith("docs/"):
            target = target.removeprefix("docs/")
        elif (ROOT / target).exists():
            return words
        return f"{image}[{words}]({target}{anchor or ''})"

    return _LINK.sub(link, text)
