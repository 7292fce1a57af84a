"""What to do next: the active form first, then the rules, then the fallback. Pure: no clock, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation import Conversation
from bot.domain import Domain, Mapped, Rule, Slot
from bot.leaving_words import names_nothing, passes_on
from nlu.meaning import Interpretation, Verdict

FALLBACK = "nlu_fallback"
RESUME = "resume:"
OTHER_LANGUAGE = "action_other_language"
CLEAR_IN_ANY = frozenset({"thank", "goodbye", "affirm", "deny", "unsubscribe", "talk_to_human"})
"""Intents to be trusted in any language: thank you, bye bye, stop."""
STOPS = frozenset({"cancel", "unsubscribe"})
"""Inside a form, a bare "stop" means the form (shared contract of the intents)."""

FIRST_LINES = frozenset({"human_message", "feedback_text", "letter_text"})
"""Any words are taken, but these begin a talk: "nothing" would be sent to somebody as a question."""


@dataclass(frozen=True, slots=True)
class Run:
    """Execute one action or response."""

    action: str


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a form, or go on with it."""

    form: str


@dataclass(frozen=True, slots=True)
class Fill:
    """The requested slot gets this answer, if validation agrees."""

    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class Skip:
    """The person has no answer for the requested slot. `passing`: they said to go on, and declined nothing."""

    slot: str
    passing: bool = False


@dataclass(frozen=True, slots=True)
class StepBack:
    """The person corrects the previous answer, or `slot` if they named it."""

    slot: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    """The person gives up what is being done."""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """The form goes on: ask the requested slot once more. `not_understood`: say that the answer did not fit."""

    not_understood: bool = False


Step = Run | Start | Fill | Skip | StepBack | Leave | AskAgain


def resuming(form: str) -> str:
    """The button that takes up a form left half way; once it waits no more, the button shows the menu."""
    return f'/help{{"tell": "{RESUME}{form}"}}'


def _taken_up(conversation: Conversation, meaning: Interpretation) -> str | None:
    tell = next((e.value for e in meaning.entities if e.name == "tell"), "")
    form = tell.removeprefix(RESUME)
    return form if form != tell and form in conversation.waiting else None


def decide(
    domain: Domain, conversation: Conversation, meaning: Interpretation, text: str | None
) -> list[Step]:
    """The next steps after this message; `text` is what was typed, None for a tapped button."""
    if form := _taken_up(conversation, meaning):
        return [Start(form)]
    if conversation.active_form:
        return _in_form(domain, conversation, meaning, text)
    if meaning.intent == "cancel" and meaning.verdict is Verdict.ACT:
        return [Leave()] if conversation.waiting else _by_rule(domain, conversation, meaning)
    if text is not None and speaks_another_language(meaning):
        return [Run(OTHER_LANGUAGE)]
    return _by_rule(domain, conversation, meaning)


def speaks_another_language(meaning: Interpretation) -> bool:
    """Whether a message is surely in none of our languages, and not one of the few that are clear in any."""
    if meaning.language != "other" or not meaning.language_sure:
        return False
    named = {entity.name for entity in meaning.entities}
    clear = meaning.intent in CLEAR_IN_ANY or (meaning.intent == "switch_language" and "language" in named)
    return not (meaning.verdict is Verdict.ACT and clear) and not named & {"organisation", "training"}


def _in_form(
    domain: Domain, conversation: Conversation, meaning: Interpretation, text: str | None
) -> list[Step]:
    requested = conversation.requested_slot
    sure = meaning.verdict is Verdict.ACT
    if sure and meaning.intent in STOPS:
        return [Leave()]
    if sure and meaning.intent == "go_back":
        return [StepBack(next((e.value for e in meaning.entities if e.name == "slot"), None))]
    if requested is None:
        return [Start(conversation.active_form or "")]
    if text is not None and (skip := _left_out(domain.slots[requested], text)):
        return [skip]
    answer = _answer(domain, conversation, meaning, text)
    if answer is not None:
        return [Fill(requested, answer)]
    if sure and meaning.intent == "deny":
        return [Skip(requested)]
    if sure and meaning.intent == "affirm" and text is not None:
        return [AskAgain(not_understood=True)]  # a yes to a question that yes does not answer
    aside = _by_rule(domain, conversation, meaning) if sure else []
    if not aside:
        return [AskAgain(not_understood=True)]
    starts_form = any(isinstance(step, Start) for step in aside)
    return aside if starts_form else [*aside, AskAgain()]


def _left_out(slot: Slot, text: str) -> Skip | None:
    """Words that leave a question out; "nothing" may be the answer to somebody's question."""
    if passes_on(text):
        return Skip(slot.name, passing=True)
    open_text = any(m.kind == "from_text" and "deny" not in m.not_intents for m in slot.mappings)
    any_words = open_text and slot.name not in FIRST_LINES
    return Skip(slot.name) if names_nothing(text) and not any_words else None


def _answer(domain: Domain, conversation: Conversation, meaning: Interpretation, text: str | None) -> Any:
    form = domain.forms[conversation.active_form or ""]
    slot = domain.slots[conversation.requested_slot or ""]
    # A form that ignores no intent takes any words, questions too: it carries them to a person.
    is_question = (
        bool(form.ignored_intents)
        and meaning.verdict is Verdict.ACT
        and (meaning.intent in form.ignored_intents or _asks(text, meaning))
    )
    for mapping in slot.mappings:
        value = _value(mapping, meaning, None if is_question else text)
        if value is not None:
            return value
    return None


def _asks(text: str | None, meaning: Interpretation) -> bool:
    """By its mark; or by its words, if it searches: a name or a description may begin with "qui" too."""
    if text and text.rstrip().endswith(("?", "؟")):
        return meaning.intent != "inform"
    return meaning.asks and meaning.intent.startswith(("find_", "ask_"))


def _value(mapping: Mapped, meaning: Interpretation, text: str | None) -> Any:
    if mapping.intents and meaning.intent not in mapping.intents:
        return None
    if meaning.verdict is Verdict.ACT and meaning.intent in mapping.not_intents:
        return None
    if mapping.kind == "from_entity":
        return _entity(meaning, mapping.entity or "")
    if mapping.kind == "from_intent":
        return mapping.value if meaning.verdict is Verdict.ACT else None
    return text.strip() or None if text else None


def _entity(meaning: Interpretation, name: str) -> str | list[str] | None:
    values = list(dict.fromkeys(entity.value for entity in meaning.entities if entity.name == name))
    return values[0] if len(values) == 1 else values or None


def _by_rule(domain: Domain, conversation: Conversation, meaning: Interpretation) -> list[Step]:
    intent = meaning.intent if meaning.verdict is Verdict.ACT else FALLBACK
    rule = _best(domain, intent, conversation)
    if rule is None:
        return []
    return [Start(action) if action in domain.forms else Run(action) for action in rule.actions]


def _best(domain: Domain, intent: str, conversation: Conversation) -> Rule | None:
    """The rule with the most conditions that hold, as Rasa's RulePolicy prefers the longest match."""
    fitting = [
        rule
        for rule in domain.rules
        if rule.intent == intent
        and rule.in_form in (None, conversation.active_form)
        and _holds(rule.slots, conversation.slots)
    ]
    return max(fitting, key=lambda rule: (rule.in_form is not None) + len(rule.slots), default=None)


def _holds(wanted: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    return all(slots.get(name) == value for name, value in wanted.items())


def after_form(domain: Domain, form: str) -> list[str]:
    """The actions that follow when every slot of the form is answered."""
    return next((list(rule.actions) for rule in domain.rules if rule.form == form), [])
