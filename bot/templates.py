"""What data/whatsapp_templates.yml holds: the words Meta approves, by which a talk may be opened, in French only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.content import Source, read_yaml
from bot.messages import Outgoing

LANGUAGES = ("fr", "so", "aa")
"""Each template has one button a language, in this order: Meta approves French, but neither Somali nor Afar."""
CODE = "fr"
BODY_LIMIT, FOOTER_LIMIT, BUTTON_LIMIT, NAME_LIMIT = 1024, 60, 25, 512
"""Meta, Message templates, components."""
CATEGORIES = ("UTILITY", "MARKETING")

WAITING = "message_waiting"
"""The template without values: a message waits, and is read by a tap. For whatever has no template of its own."""
NEEDED: Mapping[str, frozenset[str]] = {
    "announcement": frozenset({"text", "code"}),
    "training_reminder": frozenset({"title", "when", "where"}),
    "training_change": frozenset({"title", "text"}),
    "profile_check": frozenset({"organisation"}),
    "call_deadline": frozenset({"title", "date"}),
    WAITING: frozenset(),
}
"""What the bot tells by templates, and the values it gives for each."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{([a-z_]+)\}")
_KEYS = {"category", "body", "footer", "examples"}


@dataclass(frozen=True, slots=True)
class Template:
    """`name` as the account knows it; `body` with its values in braces; `examples`: for who approves it."""

    name: str
    category: str
    body: str
    footer: str
    buttons: tuple[str, ...]
    examples: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Of its values, in the order of the text."""
        return tuple(dict.fromkeys(_PLACE.findall(self.body)))

    def to_meta(self) -> dict[str, Any]:
        """The template as it is submitted (Graph API, message_templates)."""
        body: dict[str, Any] = {"type": "BODY", "text": _PLACE.sub(r"{{\1}}", self.body)}
        if self.names:
            shown = [{"param_name": name, "example": self.examples[name]} for name in self.names]
            body["example"] = {"body_text_named_params": shown}
        replies = [{"type": "QUICK_REPLY", "text": text} for text in self.buttons]
        return {
            "name": self.name,
            "language": CODE,
            "category": self.category,
            "parameter_format": "NAMED",
            "components": [
                body,
                {"type": "FOOTER", "text": self.footer},
                {"type": "BUTTONS", "buttons": replies},
            ],
        }


class Standing(StrEnum):
    """How a template stands with the account; all but APPROVED keep it from being used."""

    APPROVED = "approved"
    MISSING = "missing"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    DEARER = "dearer"


STANDINGS = {
    "APPROVED": Standing.APPROVED,
    "REJECTED": Standing.REJECTED,
    "PAUSED": Standing.PAUSED,
    "DISABLED": Standing.DISABLED,
    "LIMIT_EXCEEDED": Standing.DISABLED,
    "ARCHIVED": Standing.DISABLED,
    "PENDING_DELETION": Standing.MISSING,
    "DELETED": Standing.MISSING,
}
"""Meta, template status; all others are steps of the review."""


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template as the account has it, in Meta's words; `reason`: why it was rejected."""

    name: str
    language: str
    status: str
    category: str
    reason: str = ""


def standings(wanted: Mapping[str, Template], found: Sequence[AccountTemplate]) -> dict[str, Standing]:
    """How each template stands; DEARER: Meta has moved it to a category that the file does not name."""
    known = {template.name: template for template in found if template.language == CODE}
    return {key: _standing(template, known.get(template.name)) for key, template in wanted.items()}


def _standing(template: Template, known: AccountTemplate | None) -> Standing:
    if known is None:
        return Standing.MISSING
    standing = STANDINGS.get(known.status.upper(), Standing.PENDING)
    if standing is Standing.APPROVED and known.category.upper() != template.category:
        return Standing.DEARER
    return standing


def template_for(message: Outgoing) -> str:
    """By what it is for: the message's own, or that of all others."""
    return message.opening.template if message.opening else WAITING


def read_templates(path: Path) -> dict[str, Template]:
    """By what they are for, each key of `NEEDED`. Raises ContentError naming file, line and key."""
    source = read_yaml(path)
    data = source.data
    if not isinstance(data, dict) or set(data) != {"prefix", "buttons", "footer", "templates"}:
        raise source.error((), "must hold exactly prefix, buttons, footer and templates")
    if not isinstance(data["templates"], dict) or set(data["templates"]) != set(NEEDED):
        raise source.error(("templates",), f"must be exactly {', '.join(NEEDED)}")
    buttons = _buttons(source)
    prefix = _text(source, ("prefix",), 20)
    footer = _text(source, ("footer",), FOOTER_LIMIT)
    return {key: _template(source, key, (prefix, footer), buttons) for key in NEEDED}


def _buttons(source: Source) -> tuple[str, ...]:
    given = source.data["buttons"]
    if not isinstance(given, dict) or tuple(given) != LANGUAGES:
        raise source.error(("buttons",), f"must be {', '.join(LANGUAGES)}, in this order")
    texts = tuple(_text(source, ("buttons", language), BUTTON_LIMIT) for language in LANGUAGES)
    if len(set(texts)) != len(texts):
        raise source.error(("buttons",), "must all be different")
    return texts


def _template(source: Source, key: str, shared: tuple[str, str], buttons: tuple[str, ...]) -> Template:
    path = ("templates", key)
    entry = source.data["templates"][key]
    if not isinstance(entry, dict) or not {"category", "body"} <= set(entry) <= _KEYS:
        raise source.error(path, "must hold category and body, and may hold footer and examples")
    if entry["category"] not in CATEGORIES:
        raise source.error((*path, "category"), f"must be one of {', '.join(CATEGORIES)}")
    prefix, footer = shared
    name = f"{prefix}_{key}"
    if not _NAME.fullmatch(name):
        raise source.error(("prefix",), "must be lower-case letters, figures and _")
    own_footer = _text(source, (*path, "footer"), FOOTER_LIMIT) if "footer" in entry else footer
    examples = _examples(source, key)
    body = _text(source, (*path, "body"), BODY_LIMIT)
    _check_body(source, (*path, "body"), body, NEEDED[key])
    if len(body.format_map(examples)) > BODY_LIMIT:
        raise source.error((*path, "examples"), f"make the text longer than {BODY_LIMIT} characters")
    return Template(name, entry["category"], body, own_footer, buttons, examples)


def _examples(source: Source, key: str) -> dict[str, str]:
    given = source.data["templates"][key].get("examples", {})
    if not isinstance(given, dict) or set(given) != NEEDED[key]:
        wanted = ", ".join(sorted(NEEDED[key])) or "nothing"
        raise source.error(("templates", key, "examples"), f"must hold exactly {wanted}")
    return {name: _text(source, ("templates", key, "examples", name), BODY_LIMIT) for name in given}


def _check_body(source: Source, path: tuple[str, ...], body: str, needed: frozenset[str]) -> None:
    """Meta refuses a body that begins or ends with a value, and two values side by side."""
    found = _PLACE.findall(body)
    if set(found) != needed or len(found) != len(needed):
        raise source.error(path, f"must name each of {', '.join(sorted(needed)) or 'no value'} once")
    if "{" in _PLACE.sub("", body) or "}" in _PLACE.sub("", body):
        raise source.error(path, "holds a lone brace")
    if re.match(r"\W*\{", body) or re.search(r"\}\W*\Z", body) or re.search(r"\}\s*\{", body):
        raise source.error(path, "words must stand before, between and after the values")


def _text(source: Source, path: tuple[str, ...], most: int) -> str:
    value: Any = source.data
    for step in path:
        value = value[step]
    if not isinstance(value, str) or not value.strip():
        raise source.error(path, "must be a text")
    if len(value.strip()) > most:
        raise source.error(path, f"has {len(value.strip())} characters, at most {most} are taken")
    return value.strip()
