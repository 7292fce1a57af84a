"""What a report is made of, whatever it is printed as: titles, texts, tables, quotations, pictures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`small`: a note, not the matter itself."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as there are columns; the first is a name, the others are figures or words."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words, and where they come from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and what it shows, for who cannot see it."""

    content: bytes
    about: str


Block = Heading | Paragraph | Table | Quotation | Picture


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    subtitle: str
    made: str
    blocks: tuple[Block, ...]
