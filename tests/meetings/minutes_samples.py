"""Minutes for tests in the forms that municipalities write them, also as DOCX and PDF."""

import io
from pathlib import Path

import docx

HERE = Path(__file__).resolve().parent
FORMS = HERE.parent / "data" / "minutes"
SEEDS = HERE.parents[2] / "shared" / "seeds"
GENTOFTE_SEED, NORDDJURS_SEED = "000_7c2c1b01b939b8be.txt", "002_ac71b18765d6212c.txt"


def form(name: str) -> bytes:
    return (FORMS / name).read_bytes()


def files() -> list[Path]:
    """Our own forms, and every seed document that lies beside the checkout."""
    return [*sorted(FORMS.iterdir()), *sorted(SEEDS.glob("*.txt"))]


def seed(name: str) -> list[Path]:
    return [path for path in [SEEDS / name] if path.exists()]


def docx_minutes() -> bytes:
    document = docx.Document()
    document.add_heading("Referat af møde i Opgaveudvalget Grøn Skole den 14. januar 2026", 0)
    facts = document.add_table(rows=0, cols=2)
    for name, value in (("Mødedato", "14. januar 2026 kl. 16.30"), ("Mødested", "Biblioteket")):
        row = facts.add_row().cells
        row[0].text, row[1].text = name, value
    document.add_heading("Punkt 1 (Åben) Velkomst", 1)
    document.add_paragraph("Sags ID: EMN-2026-00012")
    document.add_heading("Resumé", 2)
    document.add_paragraph("Vi mødes for første gang.")
    document.add_paragraph("Navne", style="List Bullet")
    document.add_paragraph("Kaldenavne", style="List Bullet 2")
    document.add_heading("Indstilling", 2)
    document.add_paragraph("Forvaltningen indstiller")
    document.add_paragraph("At udvalget drøfter kommissoriet.", style="List Number")
    document.add_paragraph("At udvalget vælger to emner.", style="List Number")
    document.add_heading("Beslutning", 2)
    paragraph = document.add_paragraph("Drøftet og ")
    paragraph.add_run("vedtaget").bold = True
    document.add_heading("Bilag", 2)
    document.add_paragraph("Kommissorium.pdf", style="List Bullet")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def pdf_minutes() -> bytes:
    import weasyprint

    text = "Udvalget drøftede længe, hvordan vi bedst kommer i gang med arbejdet i foråret. " * 60
    page = f"""<html lang=da><style>@page {{ size: A4; margin: 25mm;
        @top-left {{ content: "Grøn Skole" }} @bottom-right {{
        content: "Side " counter(page) " af " counter(pages) }} }}</style>
        <h1>Referat af møde i Opgaveudvalget Grøn Skole</h1>
        <p>Mødedato: 14. januar 2026 kl. 16.30</p><p>Mødested: Biblioteket</p>
        <h2>Punkt 1: Velkomst</h2><h3>Resumé</h3><p>{text}</p>
        <h3>Indstilling</h3><p>Formanden indstiller,</p><p>1) At udvalget drøfter.</p>
        <h3>Beslutning</h3><p>Godkendt.</p></html>"""
    return weasyprint.HTML(string=page).write_pdf()
