"""What domain.yml and rules.yml say, read once into plain values; every contradiction stops the start."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import Key, Source, read_yaml
from bot.errors import ContentError
from bot.messages import Button

LANGUAGES = ("fr", "so", "aa")
RASA_ACTIONS = frozenset({"action_deactivate_loop", "action_listen"})
"""Steps Rasa needs in a rule; our engine ends forms and turns by itself."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One way a slot is filled while its form asks for it (Rasa's slot mappings)."""

    kind: str
    entity: str | None = None
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    value: Any = None


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    kind: str
    mappings: tuple[Mapped, ...]


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    slots: tuple[str, ...]
    ignored_intents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Variation:
    """One wording of a response, with the slot values under which it is said."""

    text: str
    buttons: tuple[Button, ...]
    when: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """After `intent`, or after `form` is complete, these actions follow. `in_form`: only while it is active."""

    name: str
    intent: str | None
    form: str | None
    in_form: str | None
    slots: Mapping[str, Any]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    intents: frozenset[str]
    entities: frozenset[str]
    slots: Mapping[str, Slot]
    forms: Mapping[str, Form]
    responses: Mapping[str, tuple[Variation, ...]]
    actions: frozenset[str]
    rules: tuple[Rule, ...]

    def words(self, response: str, language: str) -> Variation:
        """The wording in this language; French when the language is not one of ours."""
        fallback = None
        for variation in self.responses[response]:
            if variation.when.get("language") == language:
                return variation
            if not variation.when:
                fallback = variation
        assert fallback is not None, response
        return fallback

    def question(self, form: str, slot: str) -> str:
        """The response that asks for a slot: the form's own wording, else the slot's (Rasa's order)."""
        own = f"utter_ask_{form}_{slot}"
        return own if own in self.responses else f"utter_ask_{slot}"


def load_domain(root: Path) -> Domain:
    """Read `domain.yml` and `data/rules.yml` under `root`. Raises ContentError naming file, line and key."""
    source = read_yaml(root / "domain.yml")
    if not isinstance(source.data, dict):
        raise ContentError(f"{source.path}:1: the domain must be a mapping")
    domain = Domain(
        intents=_names(source, "intents"),
        entities=_names(source, "entities"),
        slots={name: _slot(source, name) for name in source.data.get("slots", {})},
        forms={name: _form(source, name) for name in source.data.get("forms", {})},
        responses={name: _response(source, name) for name in source.data.get("responses", {})},
        actions=_names(source, "actions"),
        rules=(),
    )
    _check(domain, source)
    rules = read_yaml(root / "data" / "rules.yml")
    read = tuple(_rule(rules, domain, i) for i in range(len((rules.data or {}).get("rules", []))))
    return Domain(**{**{f: getattr(domain, f) for f in Domain.__slots__}, "rules": read})


def _names(source: Source, section: str) -> frozenset[str]:
    names: set[str] = set()
    for i, item in enumerate(source.data.get(section) or []):
        name = next(iter(item)) if isinstance(item, dict) else str(item)
        if name in names:
            raise source.error((section, i), f"{name} is listed twice")
        names.add(name)
    return frozenset(names)


def _slot(source: Source, name: str) -> Slot:
    key: Key = ("slots", name)
    raw = source.data["slots"][name]
    if not isinstance(raw, dict) or "type" not in raw:
        raise source.error(key, "a slot needs a type")
    mappings = [_mapping(source, (*key, "mappings", i), m) for i, m in enumerate(raw.get("mappings", []))]
    return Slot(name, raw["type"], tuple(m for m in mappings if m.kind != "custom"))


def _mapping(source: Source, key: Key, raw: dict[str, Any]) -> Mapped:
    kind = raw.get("type")
    if kind not in {"from_entity", "from_text", "from_intent", "custom"}:
        raise source.error(key, f"unknown mapping type {kind!r}")
    if kind == "from_entity" and "entity" not in raw:
        raise source.error(key, "from_entity needs an entity")
    return Mapped(
        kind, raw.get("entity"), _set(raw.get("intent")), _set(raw.get("not_intent")), raw.get("value")
    )


def _set(value: Any) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value or ())


def _form(source: Source, name: str) -> Form:
    raw = source.data["forms"][name]
    if not isinstance(raw, dict) or not raw.get("required_slots"):
        raise source.error(("forms", name), "a form needs required_slots")
    return Form(name, tuple(raw["required_slots"]), _set(raw.get("ignored_intents")))


def _response(source: Source, name: str) -> tuple[Variation, ...]:
    return tuple(
        _variation(source, ("responses", name, i), raw)
        for i, raw in enumerate(source.data["responses"][name] or [])
    )


def _variation(source: Source, key: Key, raw: dict[str, Any]) -> Variation:
    if not isinstance(raw, dict) or not str(raw.get("text", "")).strip():
        raise source.error(key, "a response needs a text")
    when = {c["name"]: c["value"] for c in raw.get("condition", []) if c.get("type") == "slot"}
    buttons = []
    for i, button in enumerate(raw.get("buttons", [])):
        try:
            buttons.append(Button(button["title"], payload=button["payload"]))
        except (KeyError, ValueError) as error:
            raise source.error((*key, "buttons", i), f"a button needs title and payload: {error}") from error
    return Variation(raw["text"].rstrip("\n"), tuple(buttons), when)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces a text expects; raises ValueError on a lone brace."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _check(domain: Domain, source: Source) -> None:
    for name, slot in domain.slots.items():
        for i, mapping in enumerate(slot.mappings):
            key: Key = ("slots", name, "mappings", i)
            _known(source, key, "entity", {mapping.entity} - {None}, domain.entities)
            _known(source, key, "intent", mapping.intents | mapping.not_intents, domain.intents)
    for form in domain.forms.values():
        _check_form(domain, source, form)
    for name, variations in domain.responses.items():
        _check_response(domain, source, name, variations)


def _check_form(domain: Domain, source: Source, form: Form) -> None:
    _known(source, ("forms", form.name, "ignored_intents"), "intent", form.ignored_intents, domain.intents)
    for i, slot in enumerate(form.slots):
        key: Key = ("forms", form.name, "required_slots", i)
        _known(source, key, "slot", {slot}, domain.slots)
        if domain.question(form.name, slot) not in domain.responses:
            raise source.error(key, f"slot {slot} has no question: utter_ask_{slot} is missing")


def _check_response(domain: Domain, source: Source, name: str, variations: tuple[Variation, ...]) -> None:
    key: Key = ("responses", name)
    said = {v.when.get("language", "fr") for v in variations}
    for language in LANGUAGES:
        if language not in said:
            raise source.error(key, f"missing in language {language}")
    if not any(not v.when for v in variations):
        raise source.error(key, "the French wording must be unconditional")
    for i, variation in enumerate(variations):
        _known(source, (*key, i, "condition"), "slot", variation.when, domain.slots)
        try:
            expected, here = placeholders(variations[0].text), placeholders(variation.text)
        except ValueError as error:
            raise source.error((*key, i, "text"), str(error)) from error
        if here - expected:
            raise source.error((*key, i, "text"), f"{sorted(here - expected)} not in the first wording")
        for j, button in enumerate(variation.buttons):
            intent = intent_of(button.payload or "")
            _known(source, (*key, i, "buttons", j, "payload"), "intent", {intent}, domain.intents)


def intent_of(payload: str) -> str:
    """`/intent{…}` → `intent`."""
    return payload.removeprefix("/").partition("{")[0]


def _known(source: Source, key: Key, what: str, names: Any, known: Any) -> None:
    for name in sorted(set(names) - set(known)):
        raise source.error(key, f"unknown {what} {name}")


def _rule(source: Source, domain: Domain, i: int) -> Rule:
    raw, key = source.data["rules"][i], ("rules", i)
    intent = form = None
    actions: list[str] = []
    conditions = list(raw.get("condition", []))
    in_form = next((c["active_loop"] for c in conditions if "active_loop" in c), None)
    slots: dict[str, Any] = {}
    for condition in conditions:
        for item in condition.get("slot_was_set", []):
            slots |= item
    for j, step in enumerate(raw.get("steps", [])):
        step_key: Key = (*key, "steps", j)
        if "intent" in step:
            intent = step["intent"]
            _known(source, step_key, "intent", {intent}, domain.intents | {"nlu_fallback"})
        elif "action" in step:
            actions += {step["action"]} - RASA_ACTIONS
            known = domain.actions | domain.responses.keys() | domain.forms.keys() | RASA_ACTIONS
            _known(source, step_key, "action or response", {step["action"]}, known)
        elif "active_loop" in step:
            _known(source, step_key, "form", {step["active_loop"]} - {None}, domain.forms)
            if step["active_loop"] is None and intent is None:
                form, in_form, actions = in_form, None, []
        elif "slot_was_set" not in step:
            raise source.error(step_key, f"unknown step {sorted(step)}")
    if intent is None and form is None:
        raise source.error(key, "a rule starts with an intent or with the end of a form")
    _known(source, key, "slot", slots, domain.slots)
    return Rule(raw.get("rule", ""), intent, form if intent is None else None, in_form, slots, tuple(actions))
