"""Every input format is read, and every unreadable input is rejected with its own message."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfWriter

from worksample.errors import PostingError
from worksample.postings.model import Source
from worksample.postings.sources import MAX_FILE_SIZE, ads_from_bytes, read_ads, read_all

AD = "<p>We hire.</p><h2>Requirements</h2><ul><li>Java</li><li><b>Kotlin</b></li></ul>"


def read(data: bytes | str, name: str = "ad") -> list[Source]:
    return list(ads_from_bytes(name, data.encode() if isinstance(data, str) else data))


def read_error(data: bytes | str, name: str = "ad") -> PostingError:
    with pytest.raises(PostingError) as caught:
        read(data, name)
    return caught.value


def page(posting: object) -> str:
    script = json.dumps(posting) if not isinstance(posting, str) else posting
    return (
        "<html><head><title>x</title></head><body><nav>Ruby Django</nav>"
        f'<script type="application/ld+json">{script}</script><footer>COBOL</footer></body></html>'
    )


def test_text_keeps_content_and_normalizes_line_ends() -> None:
    assert read(b"\xef\xbb\xbfTitle\r\n- Java\r")[0].text == "Title\n- Java\n"
    assert read("Über uns".encode("utf-16"))[0].text == "Über uns"


def test_html_keeps_headings_and_items_and_drops_navigation() -> None:
    markup = f"<html><body><nav>COBOL</nav>{AD}<script>var x='Ruby'</script></body></html>"
    (source,) = read(markup + "<p>Apply as developer with experience</p>")
    assert "## Requirements\n\n- Java\n- **Kotlin**" in source.text
    assert "COBOL" not in source.text
    assert "Ruby" not in source.text


@pytest.mark.parametrize(
    "words",
    ["Ingénieur backend (F/H)", "Entwicklerin (m/w/d)", "Puesto de desarrollador", "Vaga backend"],
)
def test_page_of_few_words_in_other_languages_is_an_ad(words: str) -> None:
    (source,) = read(f"<html><body><h1>{words}</h1><ul><li>Go</li><li>Kafka</li></ul></body>")
    assert "- Kafka" in source.text


@pytest.mark.parametrize(
    "wrap",
    [
        lambda p: p,
        lambda p: [p],
        lambda p: {"@graph": [{"@type": "WebPage"}, p]},
        lambda p: {"@type": "WebPage", "mainEntity": p},
    ],
)
def test_finds_job_posting_anywhere_in_json_ld(wrap) -> None:  # type: ignore[no-untyped-def]
    posting = {
        "@type": ["JobPosting"],
        "title": "Backend Engineer",
        "description": AD,
        "qualifications": "<li>Scala</li>",
        "experienceRequirements": {"monthsOfExperience": 24},
        "educationRequirements": {"credentialCategory": "bachelor degree"},
        "hiringOrganization": {"name": "Grafana Labs"},
    }
    (source,) = read(page(wrap(posting)))
    assert (source.title, source.company) == ("Backend Engineer", "Grafana Labs")
    for words in ("# Backend Engineer", "- Java", "Scala", "24 months", "bachelor degree"):
        assert words in source.text


def test_accepts_json_ld_with_line_breaks_and_trailing_commas() -> None:
    broken = '{"@type": "JobPosting", "title": "Dev", "description": "<p>Java\n and Go</p>",}'
    assert "Java and Go" in read(page(broken))[0].text


def test_page_with_three_ads_gives_three_sources() -> None:
    ads = [{"@type": "JobPosting", "title": t, "description": AD} for t in ("A", "B", "C")]
    found = read(page({"@graph": ads}), "jobs.html")
    assert [s.title for s in found] == ["A", "B", "C"]
    assert [s.name for s in found] == ["jobs.html#1", "jobs.html#2", "jobs.html#3"]


ESCAPED = AD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
BOARDS = {
    "greenhouse": {"jobs": [{"title": "Dev", "content": ESCAPED, "company_name": "X"}], "meta": {}},
    "greenhouse, escaped twice": {
        "jobs": [{"title": "Dev", "content": ESCAPED.replace("&", "&amp;")}],
        "meta": {},
    },
    "lever": [
        {
            "text": "Dev",
            "description": "<div>We hire.</div>",
            "lists": [{"text": "Requirements", "content": "<li>Java</li><li>Kotlin</li>"}],
            "additional": "<div>Thanks</div>",
            "categories": {},
        }
    ],
    "ashby": {"apiVersion": "1", "jobs": [{"title": "Dev", "descriptionHtml": AD}]},
    "workable": {"name": "X", "jobs": [{"title": "Dev", "full_description": AD, "state": "BE"}]},
    "remoteok": [{"legal": "notice"}, {"position": "Dev", "description": AD, "company": "X"}],
    "plain": {"title": "Dev", "text": "Requirements\n- Java\n- Kotlin"},
}


@pytest.mark.parametrize("board", BOARDS)
def test_recognizes_job_board_by_json_shape(board: str) -> None:
    (source,) = read(json.dumps(BOARDS[board]))
    assert source.title == "Dev"
    assert "# Dev" in source.text
    assert "Requirements" in source.text
    assert "- Java\n- " in source.text
    assert "&lt;" not in source.text
    assert "<li>" not in source.text


def word_file(body: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )
    return packed.getvalue()


def test_docx_keeps_headings_and_items() -> None:
    paragraphs = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Skills</w:t></w:r></w:p>'
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Java</w:t></w:r></w:p>"
    )
    assert read(word_file(paragraphs))[0].text == "## Skills\n- Java\n"


def pdf(*lines: str) -> bytes:
    """Return a minimal PDF with these lines."""
    text = "BT /F1 12 Tf 50 700 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 6\n0000000000 65535 f \n{table}"
    return (
        out + f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{out.index('xref')}\n%%EOF"
    ).encode()


def test_pdf_text_keeps_lines() -> None:
    text = read(pdf("Backend Engineer", "Requirements", "Java and Kotlin"))[0].text
    assert text.splitlines()[:3] == ["Backend Engineer", "Requirements", "Java and Kotlin"]


def encrypted() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def scanned() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": (b" \n", "is empty"),
    "binary": (bytes(range(256)) * 20, "is not a text"),
    "too large": (b"a" * (MAX_FILE_SIZE + 1), "is larger than the maximum of 20 MB"),
    "latin-1": (
        "Entwickler für Java".encode("latin-1"),
        "is not UTF-8: invalid byte 0xfc in line 1",
    ),
    "a page without an ad": (
        "<html><body><p>Shoes</p><div>Buy</div></body></html>",
        "without a job",
    ),
    "other json": ('{"weather": [1]}', "JSON, but contains no job ad"),
    "broken json": ('{"jobs": [', "is not valid JSON"),
    "deep json": ('{"a":' * 100_000, "is not valid JSON"),
    "a scan": (scanned(), "PDF without text"),
    "an encrypted pdf": (encrypted(), "encrypted PDF"),
    "a broken pdf": (b"%PDF-1.7 nothing", "PDF that cannot be parsed"),
    "a broken zip": (b"PK\x03\x04junk", "cannot be unpacked"),
    "an empty word file": (word_file(""), "Word file without text"),
}


@pytest.mark.parametrize("kind", BAD)
def test_rejects_unreadable_input_with_reason(kind: str) -> None:
    data, message = BAD[kind]
    error = read_error(data)
    assert message in error.message


def test_rejects_docx_with_entities() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert "contains a DTD or entities" in read_error(packed.getvalue()).message


def test_reports_missing_file_and_folder(tmp_path: Path) -> None:
    found = list(read_all([str(tmp_path / "none.txt"), str(tmp_path)]))
    messages = [error.message for error in found if isinstance(error, PostingError)]
    assert len(messages) == 2
    assert "cannot be read" in messages[0]
    assert "is a folder" in messages[1]


def test_broken_line_does_not_stop_stream(tmp_path: Path) -> None:
    lines = ['{"title": "A", "text": "Java job"}', "{broken}", '{"title": "B", "text": "Go job"}']
    path = tmp_path / "ads.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = list(read_ads(str(path)))
    assert [type(item) for item in found] == [Source, PostingError, Source]
