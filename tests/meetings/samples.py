"""Snapshots and files that the tests of documents are made from. All persons are made up."""

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Colours:
    brand: str = "#0b4f5c"
    on_brand: str = "#ffffff"
    brand_dark: str = "#09414b"
    brand_tint: str = "#eef3f4"
    brand_line: str = "#b6cace"
    brand_text: str = "#0b4f5c"


LIGHT = Colours("#f2c94c", "#1a1a1a", "#c6a53e", "#fefaf0", "#fbeec9", "#6b5200")
RED = Colours("#a3001b", "#ffffff", "#860016", "#f9edef", "#e3b3bb", "#a3001b")


def section(key: str, heading: str, text: str, lead: str = "", **more: Any) -> dict[str, Any]:
    return {"key": key, "heading": heading, "lead": lead, "text": text, **more}


def item(number: int, title: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 100 + number,
        "number": number,
        "kind": "decision",
        "access": "open",
        "title": title,
        "public_title": title,
        "closing": None,
        "case_id": f"EMN-2026-{number:05d}",
        "presenter": "",
        "minutes": 15,
        "change": "",
        "sections": [],
        "decision": None,
        "public_decision": "",
        "attachments": [],
        **more,
    }


def attachment(ident: int, number: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "number": number,
        "title": title,
        "access": "open",
        "filename": f"{ident}.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "pages": 0,
        "sha256": "",
        **more,
    }


def snapshot(items: list[dict[str, Any]], *, kind: str = "minutes", **more: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "municipality": "Gentofte Kommune",
        "committee": {
            "slug": "ai",
            "name": "AI i Gentofte",
            "full_name": "Opgaveudvalget AI i Gentofte",
        },
        "meeting": {
            "id": 3,
            "number": 3,
            "title": "3. møde i opgaveudvalget AI i Gentofte",
            "kind": "ordinary",
            "starts_at": "2026-02-25T17:00:00+01:00",
            "ends_at": "2026-02-25T20:00:00+01:00",
            "place": "Rådhuset, mødesal D",
            "online_link": "https://example.dk/moede/3",
            "chair": "Bente Krogh",
            "template": "gentofte@1",
            "rule_profile": {
                "label": "2025-2",
                "summary": "Beslutningsdygtigt med mindst 8 af 15",
                "quorum_needed": 8,
                "seats": 15,
            },
        },
        "version": {
            "kind": kind,
            "number": 1,
            "issued_at": "2026-03-11T09:14:00+01:00",
            "issued_by": "Sekretær A",
            "note": "",
        },
        "attendance": [],
        "changes": [],
        "items": items,
        "unplaced": "",
        **more,
    }


def minimal() -> dict[str, Any]:
    """A meeting as small as an imported one: one item, two headings without text."""
    title = "2. møde i Opgaveudvalget AI i Gentofte"
    only = item(
        1,
        title,
        case_id="EMN-2025-08223",
        minutes=0,
        sections=[
            section("summary", "Resumé", "Udvalget holder sit andet møde og samler op."),
            section("background", "Baggrund", "Kommunalbestyrelsen vedtog et kommissorium."),
            section(
                "agenda",
                "Dagsorden for andet møde",
                '- Velkomst\n- Intro\n  - "Det" 16. medlem\n  - Dilemmaer\n- Næste gang',
            ),
            section(
                "recommendation",
                "Indstilling",
                "Til opgaveudvalget AI i Gentofte Kommune:\n\n"
                "1) At udvalget drøfter udkastet.\n2) At udvalget giver input.",
                lead="Forvaltningen indstiller",
            ),
            section("earlier", "Tidligere beslutninger:", "", keep=True),
        ],
        decision={"heading": "Beslutninger:", "outcome": "", "text": "Udvalget drøftede udkastet."},
        attachments_keep=True,
    )
    return snapshot([only])


VOTES = """| Stemme | Antal | Medlemmer |
| --- | --- | --- |
| For | 9 | Formand, næstformand, politisk medlem 3, borgermedlem 1, 2, 3, 5, 6 og 7 |
| Imod | 1 | Borgermedlem 9 |
| Undlader | 1 | Politisk medlem 4 |"""

CLOSED_WORDS = (
    "HEMMELIGOVERSKRIFT",
    "HEMMELIGGRUND",
    "HEMMELIGTEKST",
    "HEMMELIGBESLUTNING",
    "HEMMELIGTBILAG",
    "HEMMELIGFIL",
    "HEMMELIGOPLÆGGER",
    "HEMMELIGÆNDRING",
)


def closed_item() -> dict[str, Any]:
    return item(
        6,
        "Tilbud fra HEMMELIGOVERSKRIFT",
        access="closed",
        public_title="Tilbud på afprøvning af chatbot til borgere",
        closing={
            "ground": "Offentlighedslovens § 30, nr. 2",
            "reason": "HEMMELIGGRUND om to leverandørers priser.",
        },
        presenter="HEMMELIGOPLÆGGER",
        sections=[section("summary", "Resumé", "HEMMELIGTEKST om priser.")],
        decision={"heading": "Beslutning", "outcome": "adopted", "text": "HEMMELIGBESLUTNING."},
        public_decision="Udvalget drøftede vilkår for en afprøvning. Priser er fortrolige.",
        attachments=[
            attachment(
                61, "6.1", "HEMMELIGTBILAG", access="closed", filename="HEMMELIGFIL.pdf", pages=1
            ),
            attachment(62, "6.2", "Orientering om udbud", pages=1),
        ],
    )


def rich(kind: str = "minutes") -> dict[str, Any]:
    """Nine items as in the drawings, one closed, with tables, lists and attachments."""
    text = (
        "Kommissoriet beder udvalget om at formulere en **samlet ambition** for brugen af AI. "
        "Inputtet peger i to retninger: Nogle vil love borgerne mere tid og hurtigere svar. "
        "Andre vil begynde med ordentlighed og åbenhed. "
    )
    recommend = {"lead": "Forvaltningen indstiller til opgaveudvalget AI i Gentofte Kommune:"}

    def box(words: str) -> dict[str, str] | None:
        if kind == "agenda":
            return None
        return {"heading": "Beslutning", "outcome": "adopted", "text": words}

    items = [
        item(
            1,
            "Godkendelse af dagsorden",
            minutes=5,
            sections=[
                section(
                    "recommendation",
                    "Indstilling",
                    "Formanden indstiller, at udvalget godkender dagsordenen.",
                )
            ],
            decision=box("Dagsordenen blev godkendt."),
        ),
        item(
            2,
            "Meddelelser fra formanden og sekretariatet",
            kind="briefing",
            minutes=10,
            presenter="Bente Krogh",
            sections=[section("summary", "Resumé", text)],
            decision=box("Taget til efterretning."),
        ),
        item(
            3,
            "AI-ambition: udkast efter skriftligt input",
            minutes=25,
            change="changed",
            sections=[
                section("summary", "Resumé", text),
                section("background", "Baggrund", "\n\n".join([text] * 4)),
                section(
                    "recommendation",
                    "Indstilling",
                    "1) At udvalget drøfter det nye udkast.\n2) At udvalget godkender udkastet som grundlag for temadagen.",  # noqa: E501
                    **recommend,
                ),
                section(
                    "earlier",
                    "Tidligere beslutninger",
                    "2. møde, 3. december 2025, punkt 1: Udvalget drøftede og gav input.",
                ),
            ],
            decision=box(
                "Udvalget drøftede udkastet og godkendte det. Afsnittet om åbenhed flyttes frem."
            ),
            attachments=[
                attachment(31, "3.1", "AI-ambition, udkast 2", pages=2),
                attachment(
                    32,
                    "3.2",
                    "Samlet skriftligt input",
                    pages=1,
                    filename="32.docx",
                    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                ),
            ],
        ),
        item(
            4,
            "Etiske retningslinjer for ansvarlig brug af AI, 2. udkast med en overskrift, der er så lang, at den må brydes over flere linjer både her og i indholdsfortegnelsen",  # noqa: E501
            kind="discussion",
            minutes=25,
            sections=[
                section("summary", "Resumé", text * 3),
                section(
                    "dilemmas",
                    "Dilemmaer",
                    "# Hurtighed eller omhu\n\n"
                    + text
                    + "\n\n## Hvem svarer?\n\n"
                    + text
                    + "\n\n> ”Borgeren skal altid kunne tale med et menneske.”\n\n- Oplysning\n  - på skærmen\n  - i telefonen\n- Overgang til en medarbejder",  # noqa: E501
                ),
            ],
            decision=box("Udvalget drøftede retningslinjerne. Retningslinje 4 og 7 skrives om."),
        ),
        item(
            5,
            "AI-chatbot til borgerhenvendelser: indstilling om pilot",
            minutes=30,
            change="new",
            presenter="Borgerservice",
            sections=[
                section("summary", "Resumé", text),
                section(
                    "recommendation",
                    "Indstilling",
                    "1) At udvalget indstiller en pilot på seks måneder.\n2) At de tre vilkår skal være opfyldt, før piloten begynder.",  # noqa: E501
                    **recommend,
                ),
                *(
                    [
                        section(
                            "votes",
                            "Afstemninger",
                            "Hovedforslag: Forvaltningens indstilling\n\n" + VOTES,
                        )
                    ]
                    if kind == "minutes"
                    else []
                ),
            ],
            decision=box(
                "Opgaveudvalget indstiller til Økonomiudvalget, at der gennemføres en pilot på seks måneder med tre vilkår: synlig oplysning om AI, overgang til en medarbejder og måling på kommunens egne henvendelser."  # noqa: E501
            ),
            attachments=[
                attachment(
                    51,
                    "5.1",
                    "Skærmbillede af chatbotten",
                    pages=1,
                    filename="51.png",
                    media_type="image/png",
                )
            ],
        ),
        {
            **closed_item(),
            **({"decision": None, "public_decision": ""} if kind == "agenda" else {}),
        },
        item(
            7,
            "AI til aktindsigt: samlet etisk vurdering",
            kind="discussion",
            sections=[section("summary", "Resumé", text * 2)],
            decision=box("Udvalget bad systemejeren om at beskrive kontrollen nærmere."),
        ),
        item(
            8,
            "Temadag for medarbejdere: ramme og program",
            sections=[
                section(
                    "recommendation",
                    "Indstilling",
                    "Følgegruppen indstiller, at udvalget drøfter ramme og program.",
                )
            ],
            decision=box("Udvalget drøftede programmet."),
            attachments=[attachment(81, "8.1", "Program", pages=4)],
        ),
        item(9, "Næste møde og eventuelt", kind="briefing", minutes=10, case_id=""),
    ]
    people = [("Bente Krogh", "Formand"), ("Ole Brandt", "Næstformand")]
    people += [(f"Borgermedlem {n}", "Borgermedlem") for n in range(1, 14)]
    statuses = ["present"] * 12 + ["apology", "substitute", "absent"]
    data = snapshot(
        items,
        kind=kind,
        attendance=[
            {
                "name": name,
                "role": role,
                "status": status,
                "note": "Gik efter punkt 4" if name.endswith(" 8") else "",
            }
            for (name, role), status in zip(people, statuses, strict=True)
        ],
        unplaced="Bilag 9 fandtes ikke i filen.",
    )
    if kind == "agenda":
        data["version"]["number"] = 2
        data["changes"] = [
            {
                "kind": "new",
                "item": 105,
                "number": 5,
                "title": items[4]["title"],
                "public_title": items[4]["title"],
                "what": [],
            },
            {
                "kind": "changed",
                "item": 103,
                "number": 3,
                "title": items[2]["title"],
                "public_title": items[2]["title"],
                "what": ["Indstilling ændret", "Nyt bilag 3.2"],
            },
            {
                "kind": "changed",
                "item": 106,
                "number": 6,
                "title": items[5]["title"],
                "public_title": items[5]["public_title"],
                "what": ["HEMMELIGÆNDRING"],
            },
            {
                "kind": "removed",
                "item": 199,
                "number": None,
                "title": "HEMMELIGOVERSKRIFT 2",
                "public_title": "En lukket sag udgår",
                "what": [],
            },
            {
                "kind": "moved",
                "item": 107,
                "number": 7,
                "title": items[6]["title"],
                "public_title": items[6]["title"],
                "what": ["Fra punkt 5"],
            },
        ]
    return data


def blank_pdf(pages: int = 1, *, rotate: int = 0, size: tuple[int, int] = (595, 842)) -> bytes:
    """A foreign PDF that draws a line of text and forgets to close its graphics state."""
    import pikepdf

    pdf = pikepdf.new()
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=size)
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = f"q 1 0 0 1 20 20 cm BT /F1 24 Tf 60 400 Td (Fremmed side {number}) Tj ET"
        page.obj.Contents = pdf.make_stream(text.encode())
        if rotate:
            page.obj.Rotate = rotate
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True)
    return buffer.getvalue()


def picture(kind: str = "PNG") -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).save(buffer, kind)
    return buffer.getvalue()
