"""How one Outgoing is written for WhatsApp: in as few messages as hold it, since each costs, within Meta's limits."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pywa.types.callback import Button as ReplyButton
from pywa.types.callback import Section, SectionList, SectionRow, URLButton

from bot.channels.long_text import split_text, units
from bot.messages import Attachment, Button, Outgoing
from bot.templates import BODY_LIMIT, LANGUAGES, Template

TEXT = LIST_BODY = 4096
BODY = 1024
CAPTION = 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
LIST_BUTTON = 20
"""Cloud API, interactive messages and media: a list's body may be four times as long as that of buttons; its
rows count in all sections together. Characters are counted in UTF-16 units, the strictest way to count them."""

_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_MARKED = re.compile(r"(?<![\w/])([*_~])(?=\S)([^\n]*?\S)\1(?!\w)|(`+)([^\n`]+)\3")
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the Cloud API: its type, and the object under the key of that name."""

    type: str
    content: dict[str, Any]


class Shape(StrEnum):
    """How choices are shown."""

    NONE = "none"
    LINK = "link"
    BUTTONS = "buttons"
    LIST = "list"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Hints:
    """In the reader's language: what the button that opens a list says, and how numbered choices are chosen."""

    choose: str = "…"
    by_number: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is left to show: text with its links written out, the choices, and the one link that is a button."""

    text: str
    taps: tuple[Button, ...]
    link: Button | None = None
    hints: Hints = Hints()

    @property
    def shape(self) -> Shape:
        if self.link:
            return Shape.LINK
        return shape_of(self.text, self.taps) if self.taps else Shape.NONE


def parts_of(message: Outgoing, media_id: str | None, hints: Hints) -> list[Part]:
    """The messages, in order; the last holds the choices.

    `media_id`: WhatsApp's id of the attachment, once uploaded.
    """
    draft = _draft(message, hints)
    if message.attachment is not None and media_id is not None:
        return _with_media(draft, message.attachment, media_id)
    *before, last = split_text(draft.text, TEXT)
    return [*map(_text, before), *_parts(replace(draft, text=last))]


def shape_of(text: str, taps: Sequence[Button]) -> Shape:
    """Buttons where all titles fit whole; else a list, whose rows say long titles below; else numbers."""
    titles = [button.title for button in taps]
    longest = max(map(units, titles))
    one_each = len({button.payload for button in taps}) == len(taps)
    unlike = one_each and len(set(titles)) == len(titles)
    if len(taps) <= BUTTONS and longest <= BUTTON_TITLE and unlike and units(text) <= BODY:
        return Shape.BUTTONS
    if len(taps) <= ROWS and longest <= ROW_DESCRIPTION and one_each and units(text) <= LIST_BODY:
        return Shape.LIST
    return Shape.NUMBERED


def plain(text: str) -> str:
    """The text as it was meant: signs that WhatsApp would take for bold, italic, struck or code become others
    that look the same. Links stay as they are."""
    parts, at = [], 0
    for link in _LINK.finditer(text):
        parts += [_unmarked(text[at : link.start()]), link.group()]
        at = link.end()
    return "".join([*parts, _unmarked(text[at:])])


def _unmarked(text: str) -> str:
    return _MARKED.sub(lambda found: found.group().translate(_LOOKALIKES), text)


def _draft(message: Outgoing, hints: Hints) -> _Draft:
    """A link beside choices, or one of several, is written out: a message holds one link button or none."""
    text = plain(message.text)
    taps = tuple(button for button in message.buttons if button.payload)
    links = [button for button in message.buttons if button.url]
    if len(links) == 1 and not taps and text and _is_card(text, links[0]):
        return _Draft(text, (), links[0], hints)
    colon = " : " if message.language == "fr" else ": "
    lines = [*([text] if text else []), *(f"{b.title}{colon}{b.url}" for b in links)]
    return _Draft("\n".join(lines), taps, None, hints)


def _is_card(text: str, link: Button) -> bool:
    return units(text) <= BODY and units(link.title) <= BUTTON_TITLE


def _parts(draft: _Draft, header: dict[str, Any] | None = None) -> list[Part]:
    match draft.shape:
        case Shape.LINK if draft.link:
            action = URLButton(draft.link.title, draft.link.url or "").to_dict()
            return [_interactive("cta_url", draft.text, action, header)]
        case Shape.BUTTONS:
            buttons = [ReplyButton(b.title, b.payload or "").to_dict() for b in draft.taps]
            return [_interactive("button", draft.text or draft.hints.choose, {"buttons": buttons}, header)]
        case Shape.LIST:
            rows = [_row(button) for button in draft.taps]
            action = SectionList(draft.hints.choose, [Section(draft.hints.choose, rows)]).to_dict()
            return [_interactive("list", draft.text or draft.hints.choose, action)]
        case Shape.NUMBERED:
            return [_text(part) for part in split_text(_numbered(draft), TEXT)]
        case _:
            return [_text(draft.text)] if draft.text else []


def _with_media(draft: _Draft, attachment: Attachment, media_id: str) -> list[Part]:
    """One message where it can be: with buttons under it, or with a caption, its choices numbered there."""
    media: dict[str, Any] = {"id": media_id}
    kind = "image" if attachment.is_picture else "document"
    if kind == "document":
        media["filename"] = attachment.name
    if draft.text and draft.shape in (Shape.BUTTONS, Shape.LINK):
        return _parts(draft, {"type": kind, kind: media})
    caption = _numbered(draft)
    if units(caption) <= CAPTION:
        return [Part(kind, media | ({"caption": caption} if caption else {}))]
    *before, last = split_text(draft.text, TEXT)
    rest = [*map(_text, before), *_parts(replace(draft, text=last))]
    return [Part(kind, media), *rest]


def _numbered(draft: _Draft) -> str:
    """The number may be typed: `bot.taps` knows what was offered, in this order."""
    lines = "\n".join(f"{number}. {button.title}" for number, button in enumerate(draft.taps, 1))
    hint = draft.hints.by_number if lines else ""
    return "\n\n".join(part for part in (draft.text, lines, hint) if part)


def _text(text: str) -> Part:
    """Link previews cost data: off."""
    return Part("text", {"body": text, "preview_url": False})


def _interactive(kind: str, text: str, action: dict[str, Any], header: dict[str, Any] | None = None) -> Part:
    content: dict[str, Any] = {"type": kind, "body": {"text": text}, "action": action}
    return Part("interactive", content | ({"header": header} if header else {}))


def _row(button: Button) -> SectionRow:
    if units(button.title) <= ROW_TITLE:
        return SectionRow(button.title, button.payload or "")
    return SectionRow(shortened(button.title), button.payload or "", button.title)


def shortened(title: str) -> str:
    """At most as long as a row's title, cut between words where that leaves enough. What stands behind a colon tells
    rows apart ("En savoir plus : …"): it is kept rather than what stands before."""
    telling = title.partition(": ")[2].strip() or title
    if units(telling) <= ROW_TITLE:
        return telling
    return split_text(telling, ROW_TITLE - 1)[0].rstrip(" ,;:(") + "…"


def template_part(template: Template, values: Mapping[str, str], number: int) -> Part:
    """The approved words with their values; each language has a button, which asks for the whole, kept as `number`.

    Raises KeyError when a value is missing.
    """
    shown = fitted(template, values)
    named = [{"type": "text", "parameter_name": name, "text": shown[name]} for name in template.names]
    components: list[dict[str, Any]] = [{"type": "body", "parameters": named}] if named else []
    components += [_quick_reply(index, number, language) for index, language in enumerate(LANGUAGES)]
    content = {"name": template.name, "language": {"code": "fr"}, "components": components}
    return Part("template", content)


def fitted(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """A value is one line without markup (132018: no line breaks, no runs of spaces); the longest is cut so that the
    whole has at most 1,024 characters."""
    lines = {name: _one_line(values[name]) for name in template.names}
    over = units(template.body.format_map(lines)) - BODY_LIMIT
    if over > 0:
        longest = max(lines, key=lambda name: units(lines[name]))
        keep = units(lines[longest]) - over - 1
        lines[longest] = split_text(lines[longest], keep)[0].rstrip() + "…"
    return lines


def _one_line(text: str) -> str:
    lines = [" ".join(line.split()) for line in plain(text).splitlines()]
    return " · ".join(line for line in lines if line) or "—"


def _quick_reply(index: int, number: int, language: str) -> dict[str, Any]:
    payload = f"/delivery_report{json.dumps({'id': str(number), 'tell': f'read:{language}'})}"
    parameters = [{"type": "payload", "payload": payload}]
    return {"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": parameters}
