"""References to articles as Danish lawyers write them, made from the file's own."""

import re

WORDS = {
    "first subparagraph": "første afsnit",
    "second subparagraph": "andet afsnit",
    "last subparagraph": "sidste afsnit",
    "last sentence": "sidste punktum",
    "recital": "betragtning",
}
ARTICLE = re.compile(
    r"(?P<law>(?:GDPR )?Art\. )?(?P<number>\d+[a-z]?(?:-\d+)?)"
    r"(?P<parts>(?:\([0-9a-z-]+\))*)"
)
LOOSE = re.compile(r"\((?P<first>\d[0-9a-z-]*)\)")
ANNEX = re.compile(r"Annex (?P<name>[IVX]+)(?P<more>.*)")
# Articles that list definitions: numbers, not paragraphs.
DEFINITIONS = {("", "3"), ("GDPR ", "4")}


def danish_article(reference: str) -> str:
    """“Art. 5(1)(a)” becomes “art. 5, stk. 1, litra a”."""
    law = ""
    told: list[str] = []
    for group in reference.split("; "):
        if re.search(r"\d \(", group):  # what an article refers to stands in brackets
            told.append(group.replace("Art.", "art."))
            continue
        pieces: list[str] = []
        for piece in group.replace(")-(", "-").split(", "):
            if piece.startswith("GDPR"):
                law = "GDPR "
            _add(pieces, piece, law)
        told += pieces
        law = ""
    return "; ".join(told)


def _add(pieces: list[str], piece: str, law: str) -> None:
    """One piece more; a paragraph of the article before it is joined to that."""
    article, loose = ARTICLE.fullmatch(piece), LOOSE.fullmatch(piece)
    annex = ANNEX.fullmatch(piece)
    if loose and pieces:
        pieces[-1] = pieces[-1].replace(" og stk.", ", stk.") + f" og stk. {loose['first']}"
    elif piece in WORDS and pieces:
        pieces[-1] += f", {WORDS[piece]}"
    elif article:
        pieces.append(_article(article, law))
    elif annex:
        pieces.append(f"bilag {annex['name']}{_annex(annex['more'])}")
    else:
        piece = re.sub(r"^recital", WORDS["recital"], piece)
        pieces.append(piece.replace("Art.", "art."))


def _article(found: re.Match[str], law: str) -> str:
    number = found["number"]
    told = [f"{law}art. {number}"]
    for part in re.findall(r"\(([0-9a-z-]+)\)", found["parts"]):
        words = "stk." if (law, number) not in DEFINITIONS else "nr."
        told.append(f"{words} {part}" if part[0].isdigit() else f"litra {part}")
    return ", ".join(told)


def _annex(more: str) -> str:
    more = re.sub(r" point (\d+)(?:\(([a-z])\))?", r", punkt \1, litra \2", more)
    return more.replace(" Section ", ", afsnit ").removesuffix(", litra ")
