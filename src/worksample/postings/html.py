"""Convert an HTML page to text, with headings, lists and bold text as Markdown.

Headings become `## ...`, items `- ...`, bold text `**...**`; scripts, navigation and footers are
dropped. Pages are untrusted: nothing is fetched and no script runs.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from worksample.errors import PostingError
from worksample.messages import message
from worksample.postings.jsonld import posting_body, posting_company, postings_in_html
from worksample.postings.model import Source

_TAG = re.compile(r"<(?:p|br|li|ul|ol|div|h[1-6]|strong|b|span|table|body|html|a)\b[^>]*>", re.I)
_ESCAPED_TAG = re.compile(r"&(?:amp;)*lt;/?(?:p|br|li|ul|ol|div|h[1-6]|strong|b|span)\b", re.I)
_SKIPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "nav",
        "footer",
        "header",
        "form",
        "button",
        "select",
        "svg",
        "iframe",
        "template",
        "aside",
        "head",
        "input",
        "textarea",
        "video",
        "audio",
        "object",
    ]
)
_BLOCK_TAGS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "ul",
        "ol",
        "table",
        "tr",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "pre",
        "figure",
        "body",
        "address",
    ]
)
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD_TAGS = frozenset(("b", "strong"))
_MAX_DEPTH = 400
_JOB_WORDS = re.compile(
    r"\b(?:experience|requirements?|qualifications?|responsibilit\w+|candidates?|apply|position|"
    r"developer|engineer|skills|hiring|aufgaben|profil|erfahrung|bewerb\w*|kenntnisse|missions|"
    r"exp[ée]rience|comp[ée]tences|requisitos|experiencia|buscamos|funciones|experi[êe]ncia|"
    r"vaga|requisiti|esperienza|cerchiamo|wymagania|do[śs]wiadczeni\w+|oferujemy|znajomo[śs][ćc]|"
    r"back-?end|poste|d[ée]velopp\w+|ing[ée]nieure?|cdi|entwickl\w+|stelle|desarroll\w+|ingenier\w+|"
    r"puesto|empleo|desenvolv\w+|engenheir\w+|atividades|sviluppat\w+|programi\w+|"
    r"conocimientos?|conhecimentos?)\b"
    r"|\((?:[mwfhdxg]/){1,2}[mwfhdxgv]\)"
)
"""Words of job ads, and the marks of all genders in titles ("(m/w/d)", "(H/F)")."""


def looks_like_html(text: str) -> bool:
    """Return whether the text contains several HTML tags, plain or escaped."""
    return len(_TAG.findall(text[:200_000])) >= 3 or len(_ESCAPED_TAG.findall(text[:200_000])) >= 3


def ads_from_html(name: str, markup: str) -> Iterator[Source]:
    """Yield the ads of a saved page: each schema.org JobPosting, else the text of the page.

    Raises PostingError if the page contains no ad.
    """
    declared = list(postings_in_html(markup))
    if not declared:
        yield _ad_from_text(name, markup)
        return
    for number, posting in enumerate(declared, start=1):
        label = f"{name}#{number}" if len(declared) > 1 else name
        title = str(posting.get("title") or posting.get("name") or "")
        text = html_to_text(posting_body(posting))
        text = f"# {title}\n\n{text}" if title else text
        yield Source(label, text, title, posting_company(posting))


def _ad_from_text(name: str, markup: str) -> Source:
    text = html_to_text(markup)
    if len(set(_JOB_WORDS.findall(text.lower()))) < 2:
        raise PostingError(
            message("{name} is an HTML page without a job ad.", name=name),
            hint="If the page loads the ad with JavaScript, save it from the browser after it is"
            " displayed, or copy the text of the ad into a file.",
        )
    return Source(name, text)


def html_to_text(markup: str) -> str:
    """Return the text of a page or fragment; escaped markup (even twice) is unescaped first."""
    for _ in range(4):
        if not _ESCAPED_TAG.search(markup):
            break
        markup = entities.unescape(markup)
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(markup)
    body = page.body or page.root
    return _tidy("".join(_walk(body))) if body is not None else ""


def _walk(top: object) -> Iterator[str]:
    """Yield the text under a node, with an explicit stack: deep nesting cannot overflow it."""
    stack: list[tuple[object, str, int]] = [(top, "", 0)]
    while stack:
        node, closing, depth = stack.pop()
        if node is None:
            yield closing
            continue
        tag = getattr(node, "tag", "")
        if tag == "-text":
            yield _collapse_whitespace(getattr(node, "text_content", "") or "")
            continue
        if tag in _SKIPPED_TAGS or tag.startswith("_") or depth > _MAX_DEPTH:
            continue
        opening, closing = _markdown_marks(node, tag)
        yield opening
        stack.append((None, closing, depth))
        children = []
        child = getattr(node, "child", None)
        while child is not None:
            children.append(child)
            child = child.next
        stack += [(child, "", depth + 1) for child in reversed(children)]


def _collapse_whitespace(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u200b", ""))


def _markdown_marks(node: object, tag: str) -> tuple[str, str]:
    if tag in _HEADING_TAGS:
        return f"\n\n{'#' * int(tag[1])} ", "\n\n"
    if tag == "li":
        return "\n- ", ""
    if tag == "br":
        return "\n", ""
    if tag in ("td", "th"):
        return "", " \n"
    if tag in _BOLD_TAGS:
        return "**", "**"
    return ("\n\n", "\n\n") if tag in _BLOCK_TAGS else ("", "")


def _tidy(text: str) -> str:
    text = entities.unescape(text)
    text = re.sub(r"\*\*(\s*)\*\*", r"\1", text)
    text = re.sub(r"\*\*[ \t]*(\n+)[ \t]*", r"\1", text) if text.count("**") % 2 else text
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    text = re.sub(r"(?m)^- *\n+", "- ", text)
    text = re.sub(r"(?m)^(#+) *\*\*(.+?)\*\* *$", r"\1 \2", text)
    text = re.sub(r"(?m)^(?:- *)+$|^#+ *$", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
