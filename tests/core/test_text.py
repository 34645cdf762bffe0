"""Long texts: what Word sends in, what is stored, what a reader gets."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.documents import pdf_prose
from core.text import clean_text, html_to_text, markdown_parser, render_prose, word_count

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>Dok</title>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml>
<![endif]--><style><!-- p.MsoNormal {mso-style-parent:""; margin:0cm;} --></style></head>
<body lang=DA><!--StartFragment-->
<p class=MsoNormal style='mso-margin-top-alt:auto'>Udvalget <b style='mso-bidi-font-weight:normal'>
indstiller</b><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>·</span>
<![endif]>et punkt</p><table class=MsoTableGrid><tr><th>År</th><th>Beløb</th></tr>
<tr><td>2026</td><td>100</td></tr></table><!--EndFragment--></body></html>"""

HOSTILE = [
    WORD,
    "<script>alert(1)</script>Tekst",
    "Tekst<style>p{color:red}</style>",
    '<p onclick="alert(1)">Tekst</p>',
    '<div hx-get="/admin/" hx-trigger="load">Tekst</div>',
    '<p data-hx-post="/x">Tekst</p>',
    '<a href="javascript:alert(1)">Tekst</a>',
    "<img src=x onerror=alert(1)>Tekst",
    "<svg onload=alert(1)>Tekst</svg>",
    '<x-thing hx-on:click="alert(1)">Tekst</x-thing>',
    "<scr\u200bipt>alert(1)</scr\u200bipt>Tekst",
    "<ScRiPt >alert(1)</sCrIpT>Tekst",
    "&lt;script&gt;alert(1)&lt;/script&gt; <p>Tekst</p>",
    "<p>&lt;img src=x onerror=alert(1)&gt; Tekst</p>",
    '<iframe src="https://example.dk"></iframe>Tekst',
    "Tekst <br/onmouseover=alert(1)>",
    "[Tekst](javascript:alert(1))",
    "[Tekst](data:text/html;base64,PHNjcmlwdD4=)",
    "[Tekst](vbscript:x)",
    "![Tekst](https://example.dk/spor.gif)",
    "<javascript:alert(1)> Tekst",
    '[Tekst](https://a.dk "onclick=x")',
    "```<script>alert(1)</script>``` Tekst",
    "Tekst\n\n<details open ontoggle=alert(1)>",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)((?:\s[^<>]*)?)>")
SAFE_ATTRIBUTE = re.compile(
    r'\s(?:href="(?:https?://|mailto:)[^"]*"|rel="noopener noreferrer"|scope="col"'
    r'|start="\d+"|class="paren")'
)
ALLOWED = {
    "p",
    "br",
    "strong",
    "b",
    "em",
    "i",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "blockquote",
    "a",
    "hr",
    "code",
    "pre",
}


def left_over(html: str) -> list[str]:
    """Everything in `html` that is not words, an allowed element or a safe attribute."""
    found = []
    for _end, name, attributes in TAG.findall(html):
        found += [name] if name not in ALLOWED else []
        found += [rest] if (rest := SAFE_ATTRIBUTE.sub("", attributes).strip()) else []
    return found + re.findall(r"<[^<>]*", TAG.sub("", html))


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_but_text_is_stored(source: str) -> None:
    stored = clean_text(source)

    assert "ekst" in stored or "indstiller" in stored
    # A word in brackets without attributes is no markup; a reader sees its brackets.
    assert re.findall(r"(?<!\\)<[a-z!/][^>]*>", stored, re.IGNORECASE) in (
        [],
        ["<javascript:alert(1)>"],
    )
    assert [word for word in ("mso-", "Mso", "o:p", "StartFragment") if word in stored] == []
    assert clean_text(stored) == stored


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("way", [clean_text, str], ids=["stored", "straight from the database"])
def test_nothing_but_text_is_shown(source: str, way) -> None:
    assert left_over(render_prose(way(source))) == []


@given(st.text(alphabet='<>/&;"=! abscript:onclickhx-`*[]()\\\n', max_size=80))
def test_no_text_whatever_gets_an_element_through(source: str) -> None:
    assert left_over(render_prose(source)) == []
    assert left_over(render_prose(clean_text(source))) == []


def test_word_markup_becomes_markdown() -> None:
    stored = clean_text(WORD)

    assert "Udvalget **indstiller**" in " ".join(stored.split())
    assert "et punkt" in stored
    assert "| År | Beløb |" in stored
    assert "<table>" in render_prose(stored)


@given(st.text(max_size=60))
@example("e\u200b\u0301")
@example("&lt;b&gt; <p>x</p>")
@example("\\<b> <i>x</i>")
@example("<p>\\&lt;b&gt;</p>")
@example("<scr\u200bipt>x</script>")
@example("• • a")
@example("<p>&#8203;&#160;&#8226; a</p>")
def test_what_is_stored_is_stored_again_unchanged(source: str) -> None:
    stored = clean_text(source)

    assert clean_text(stored) == stored
    assert clean_text(stored.replace("\n", "\r\n")) == stored


@given(st.text(alphabet="<>/&;abpi1= \n•o-", max_size=40))
def test_what_is_stored_stays_also_near_markup(source: str) -> None:
    stored = clean_text(source)

    assert clean_text(stored) == stored


@pytest.mark.parametrize(
    ("source", "stored"),
    [
        ("  Hej  \r\nmed dig\r", "Hej\nmed dig"),
        ("• et\n\t· to\n- tre", "- et\n\t- to\n- tre"),
        ("10\u00a0000 kr.", "10 000 kr."),
        ("A\u030a", "Å"),
        ("hvis a < b og c > d", "hvis a < b og c > d"),
        ("Kære <navn>, se <https://example.dk> eller <a@b.dk>",) * 2,
        ("Kære <navn>, <b>husk</b> det", "Kære <navn>, **husk** det"),
        ("\u202eomvendt\u200b", "omvendt"),
    ],
)
def test_clean_text_keeps_the_words(source: str, stored: str) -> None:
    assert clean_text(source) == stored


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("2. møde i udvalget", "<p>2. møde i udvalget</p>"),
        ("25. februar 2026\ner datoen", "<p>25. februar 2026<br>\ner datoen</p>"),
        ("> 2. møde", "<blockquote>\n<p>2. møde</p>\n</blockquote>"),
        ("1. 2. møde", "<p>1. 2. møde</p>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1) a", '<ol class="paren">\n<li>a</li>\n</ol>'),
        ("3) a\n4) b", '<ol start="3" class="paren">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("- 2. møde\n- 3. møde", "<ul>\n<li>2. møde</li>\n<li>3. møde</li>\n</ul>"),
        ("# Kort", "<h3>Kort</h3>"),
        ("###### Dybt", "<h6>Dybt</h6>"),
    ],
)
def test_render_prose(source: str, html: str) -> None:
    assert render_prose(source).strip() == html


@pytest.mark.parametrize(
    "source", ["2. møde i udvalget", "1. a\n2. b", "1) a", "- 2. møde\n- 3. møde", "> 2. møde"]
)
def test_pages_and_pdfs_share_one_rendering(source: str) -> None:
    assert pdf_prose(source) == render_prose(source)


def test_pdf_begins_a_list_where_its_author_began() -> None:
    assert pdf_prose("3) a\n4) b").startswith(
        '<ol style="counter-reset:list-item 2" class="paren">'
    )
    assert pdf_prose("0. a\n1. b").startswith('<ol style="counter-reset:list-item -1">')


def test_long_text_is_whole() -> None:
    source = "\n\n".join(f"Afsnit {n} med **fem** ord" for n in range(4000))

    assert word_count(source) == 20_000
    assert clean_text(source) == source
    assert render_prose(source).count("<p>") == 4000
    assert "Afsnit 3999 med" in render_prose(source)


def test_table_heads_name_their_columns() -> None:
    assert '<th scope="col">a</th>' in render_prose("| a | b |\n| --- | --- |\n| 1 | 2 |")


def test_parser_is_made_once() -> None:
    assert markdown_parser() is markdown_parser()


def test_brackets_shown_as_text_stay_text() -> None:
    assert html_to_text("<p>Skriv &lt;b&gt; for fed</p>") == "Skriv \\<b> for fed"
    assert render_prose("Skriv \\<b> for fed").strip() == "<p>Skriv &lt;b&gt; for fed</p>"
