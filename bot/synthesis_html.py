"""A report as one page of HTML that needs nothing else: pictures inside, readable on a phone and on paper."""

import base64
from html import escape

from bot.synthesis_blocks import Block, Heading, Paragraph, Picture, Quotation, Report, Table

STYLE = """
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:#1e1e1e}
body{max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25;color:#00785a;margin-bottom:.2rem}
h2{font-size:1.2rem;margin-top:2rem;border-bottom:2px solid #00785a}
.made,.small{color:#555;font-size:.85rem}table{border-collapse:collapse;width:100%;margin:.8rem 0}
th,td{padding:.35rem .5rem;border-bottom:1px solid #cdd2d7;text-align:left;vertical-align:top}
th{border-bottom:2px solid #8a939b}
td.figure,th.figure{text-align:right;font-variant-numeric:tabular-nums}td,p{overflow-wrap:anywhere}td:first-child{min-width:5.5rem}th{font-size:.85rem}
blockquote{margin:.8rem 0;padding:.2rem .9rem;border-left:4px solid #00785a}
blockquote footer{color:#555;font-size:.85rem}img{max-width:100%;height:auto}
@media print{h2{break-after:avoid}table,blockquote,img{break-inside:avoid}}
"""


def to_html(report: Report) -> bytes:
    body = "\n".join(_block(block) for block in report.blocks)
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(report.title)}</title>'
        f"<style>{STYLE}</style></head><body>\n<h1>{escape(report.title)}</h1>\n"
        f'<p><strong>{escape(report.subtitle)}</strong></p>\n<p class="made">{escape(report.made)}</p>\n'
        f"{body}\n</body></html>\n"
    ).encode()


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text, small):
            return f'<p class="small">{escape(text)}</p>' if small else f"<p>{escape(text)}</p>"
        case Quotation(text, source):
            return f"<blockquote><p>« {escape(text)} »</p><footer>{escape(source)}</footer></blockquote>"
        case Picture(content, about):
            data = base64.b64encode(content).decode()
            return f'<img alt="{escape(about)}" src="data:image/png;base64,{data}">'
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    head = "".join(_cell("th", i, text, table) for i, text in enumerate(table.columns))
    rows = "".join(
        "<tr>" + "".join(_cell("td", i, text, table) for i, text in enumerate(row)) + "</tr>"
        for row in table.rows
    )
    shown = f"<thead><tr>{head}</tr></thead>" if any(table.columns) else ""
    return f"<table>{shown}<tbody>{rows}</tbody></table>"


def _cell(tag: str, column: int, text: str, table: Table) -> str:
    figure = ' class="figure"' if column in figures_of(table) else ""
    return f"<{tag}{figure}>{escape(text)}</{tag}>"


def figures_of(table: Table) -> frozenset[int]:
    """The columns that hold nothing but whole numbers."""
    columns = range(1, len(table.columns))
    return frozenset(c for c in columns if all(row[c].isdigit() for row in table.rows))
