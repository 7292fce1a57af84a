"""A report as PDF on A4, by fpdf2, which is imported when one is asked for; its letters come from data/fonts."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bot.synthesis_blocks import Block, Heading, Paragraph, Picture, Quotation, Report, Table
from bot.synthesis_html import figures_of

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent.parent / "data" / "fonts"
GREEN, INK, GREY = (0, 120, 90), (30, 30, 30), (95, 95, 95)
MARGIN = 18
"""Millimetres."""
FIGURE_WIDTH, DATE_WIDTH = 24, 26
ROOM_FOR_PICTURE = 75


def to_pdf(report: Report) -> bytes:
    from fpdf import FPDF  # noqa: PLC0415  0.3 s and 50 MB that few processes ever need

    class Page(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("DejaVu", "", 8)
            self.set_text_color(*GREY)
            self.cell(0, 6, f"{report.subtitle} · {self.page_no()}/{{nb}}", align="C")

    pdf = Page(format="A4")
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, 20)
    pdf.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    pdf.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_title(report.title)
    pdf.set_lang("fr")
    pdf.add_page()
    _text(pdf, report.title, 18, GREEN, bold=True)
    _text(pdf, report.subtitle, 12, INK, bold=True)
    _text(pdf, report.made, 9, GREY)
    for block in report.blocks:
        _block(pdf, block)
    return bytes(pdf.output())


def _text(pdf: "FPDF", text: str, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
    pdf.set_font("DejaVu", "B" if bold else "", size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(1.5)


def _block(pdf: "FPDF", block: Block) -> None:
    match block:
        case Heading(text):
            _heading(pdf, text)
        case Paragraph(text, small):
            _text(pdf, text, 8.5 if small else 10.5, GREY if small else INK)
        case Quotation(text, source):
            _quotation(pdf, text, source)
        case Picture(content, about):
            if pdf.will_page_break(ROOM_FOR_PICTURE):
                pdf.add_page()
            pdf.image(BytesIO(content), w=pdf.epw, alt_text=about)
            pdf.ln(3)
        case Table():
            _table(pdf, block)


def _heading(pdf: "FPDF", text: str) -> None:
    """Never alone at the foot of a page."""
    if pdf.will_page_break(40):
        pdf.add_page()
    pdf.ln(4)
    _text(pdf, text, 13, GREEN, bold=True)
    pdf.set_draw_color(*GREEN)
    pdf.line(MARGIN, pdf.get_y() - 1, pdf.w - MARGIN, pdf.get_y() - 1)
    pdf.ln(2)


def _quotation(pdf: "FPDF", text: str, source: str) -> None:
    with pdf.local_context():
        pdf.set_left_margin(MARGIN + 6)
        pdf.set_x(MARGIN + 6)
        _text(pdf, f"« {text} »", 10.5, INK)
        _text(pdf, source, 8.5, GREY)
        pdf.set_left_margin(MARGIN)
        pdf.set_x(MARGIN)
    pdf.ln(1)


def _table(pdf: "FPDF", table: Table) -> None:
    pdf.set_font("DejaVu", "", 9.5)
    pdf.set_text_color(*INK)
    pdf.set_draw_color(205, 210, 215)
    figures = figures_of(table)
    aligned = tuple("RIGHT" if column in figures else "LEFT" for column in range(len(table.columns)))
    with pdf.table(
        col_widths=_widths(pdf, table, figures),
        text_align=aligned,
        borders_layout="HORIZONTAL_LINES",
        v_align="T",
        first_row_as_headings=any(table.columns),
        line_height=5.5,
        padding=1,
    ) as shown:
        for row in ((table.columns,) if any(table.columns) else ()) + table.rows:
            shown.row(row)
    pdf.ln(3)


def _widths(pdf: "FPDF", table: Table, figures: frozenset[int]) -> tuple[float, ...]:
    """Figures and dates are narrow; names and words share the rest."""
    narrow = dict.fromkeys(figures, FIGURE_WIDTH)
    if table.rows and len(table.rows[0][0]) == len("01/01/2026") and table.rows[0][0][2] == "/":
        narrow[0] = DATE_WIDTH
    others = len(table.columns) - len(narrow)
    rest = (pdf.epw - sum(narrow.values())) / max(others, 1)
    return tuple(narrow.get(column, rest) for column in range(len(table.columns)))
