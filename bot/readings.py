"""What a message says, whatever it is made of: typed, tapped, a number, a command, a contact, a picture."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.context import Say
from bot.actions.profile_fields import NOTHING, PICTURE, PICTURES
from bot.announcement import codes_in, looks_like_code
from bot.conversation import ESCAPE, Conversation
from bot.domain import Domain
from bot.interpreters import Understands
from bot.leaving_words import names_nothing, passes_on
from bot.messages import ChatKind, Edited, Incoming, Location, Media, SharedContact, Tap, Text
from bot.nearby import nearest_space
from bot.quiet_words import asks_for_quiet
from bot.search_words import fold
from bot.taps import certain, chosen, command, read_payload
from nlu.meaning import Entity, Interpretation, Verdict

LONGEST_TEXT = 2000
SHORTEST_DICTATED = 30
"""A shorter text may be a word to the bot: cancel, help."""
STOPPING = "stop"
WISH = '/find_training{"tell": "wish:'
"""The button of the question "do you want to be told?", whatever other buttons stand beside it."""
STILL_TRUE = '/show_my_osc{"tell": "still:'
"""The yes to the question whether a field of an entry still holds; beside it stands "correct", not "no"."""
ORGANISATION = re.compile(
    r"\b(urur\w*|associations?|asso|ong|osc|organisations?|cooperatives?|jamciya\w*|egla\w*|maysarraqa\w*)\b"
)
PREVIEW = frozenset({"apercu", "previsualiser", "preview", "voir", "eeg", "wagit"})
DRAFT_BUTTONS = {
    "utter_label_ann_audience": "aud",
    "utter_label_ann_when": "when",
    "utter_label_ann_buttons": "buttons",
    "utter_label_ann_texts": "texts",
}
"""Words for the buttons of a draft, understood also while one of its questions is open."""
NO_MATTER = frozenset({"file:none", "panel"})
"""Buttons of an announcement's questions that leave out the file, the end."""
NOT_UNDERSTOOD = Interpretation("other", False, "out_of_scope", 0.0, verdict=Verdict.ABSTAIN)


@dataclass(frozen=True, slots=True)
class Reading:
    """`typed` is what the person wrote, None when they tapped; `text` what a search or a note may use.

    `code`: an invitation behind /start. `excuse`: the message cannot be used, and this says so.
    `settles`: the tap says what the message before, which was in doubt, meant.
    """

    meaning: Interpretation
    typed: str | None
    text: str
    code: str | None = None
    excuse: Say | None = None
    media: Media | None = None
    settles: bool = False


def read_dictated(incoming: Incoming, conversation: Conversation) -> Reading | None:
    """What a coordinator passes on or dictates for an announcement, taken as it is; None for anything else."""
    form, content = conversation.active_form, incoming.content
    kind, _, number = conversation.words("announcement_asked").partition("@")
    asked = form == "announcement_form"
    if incoming.chat is ChatKind.GROUP or (form is not None and not asked):
        return None
    match content:
        case Media("photo" | "document", str(), caption):
            new = not asked or number == "0"
            pairs = [("tell", "forward")] if new else [("tell", "file"), ("id", number)]
            return Reading(certain("create_announcement", pairs), None, caption or "", media=content)
        case Text(text) if incoming.forwarded and not asked and not codes_in(text):
            return Reading(certain("create_announcement", [("tell", "forward")]), None, text.strip())
        case Text(text) if asked and kind.startswith(("text", "fix")) and len(text) > SHORTEST_DICTATED:
            return Reading(certain("inform"), text.strip(), text.strip())
        case _:
            return None


async def read_message(
    domain: Domain, incoming: Incoming, conversation: Conversation, interpreter: Understands, now: datetime
) -> Reading:
    """The reading of one message in its conversation."""
    match incoming.content:
        case Tap(payload):
            return _tapped(read_payload(payload, domain), conversation)
        case SharedContact(phone, own):
            return _contact(phone, own, conversation)
        case Location(latitude, longitude):
            near = nearest_space(latitude, longitude)
            return Reading(certain("find_digital_space", near), None, "")
        case Media(kind, _, caption):
            if kind == "photo" and _asks_picture(conversation):
                return Reading(certain("inform", [("choice", PICTURE)]), None, "", media=incoming.content)
            if not caption:
                return _unusable(Say("utter_media_unsupported"))
            return await _typed(domain, caption, conversation, interpreter, now)
        case Text(text) | Edited(text):
            if incoming.chat is ChatKind.GROUP and isinstance(incoming.content, Edited):
                return _unusable(None)
            return await _typed(domain, text, conversation, interpreter, now)
        case _:
            return _unusable(None)


def _unusable(excuse: Say | None) -> Reading:
    return Reading(NOT_UNDERSTOOD, None, "", excuse=excuse)


async def _typed(
    domain: Domain, text: str, conversation: Conversation, interpreter: Understands, now: datetime
) -> Reading:
    text = text.strip()
    if conversation.active_form is None and (found := _number(text)):
        return Reading(certain("delivery_report", [("id", found), ("tell", "check")]), None, "")
    if conversation.active_form is None and (digits := _link_code(text)):
        return Reading(certain("my_data", [("tell", "join"), ("number", digits)]), None, "")
    if len(text) > LONGEST_TEXT:
        return _unusable(Say("utter_too_long", {"limit": LONGEST_TEXT}))
    if spoken := command(text, domain):
        meaning, rest = spoken
        return Reading(meaning, None, rest, code=rest if meaning.intent == "greet" and rest else None)
    if step := _step_of_announcement(domain, text, conversation):
        return Reading(step, None, "")
    by_number = not _asks_number(domain, conversation)
    if tapped := chosen(text, conversation.offered, domain, by_number=by_number):
        return _tapped(tapped, conversation)
    if left := _leaving_out(domain, text, conversation):
        return Reading(left, None, "")
    if typed_payload := text.startswith("/") and read_payload(text, domain):
        return _tapped(typed_payload, conversation)
    meaning = await interpreter.interpret(text, conversation.words("language") or None, now.date())
    if conversation.active_form is None and asks_for_quiet(text):
        return Reading(_quiet(meaning), text, text)
    if agreed := _agreed(domain, meaning, conversation) or _enrolling(domain, text, meaning, conversation):
        return _tapped(agreed, conversation)
    return Reading(meaning, text, text)


def _step_of_announcement(domain: Domain, text: str, conversation: Conversation) -> Interpretation | None:
    """ "Aperçu" typed while a text is asked for is the button, not the text; before there is a draft, nothing."""
    if conversation.active_form != "announcement_form":
        return None
    _, _, number = conversation.words("announcement_asked").partition("@")
    said, language = fold(text), conversation.language
    named = (step for name, step in DRAFT_BUTTONS.items() if said == fold(domain.words(name, language).text))
    tell = "preview" if said in PREVIEW else next(named, None)
    if tell is None:
        return None
    return certain(
        "create_announcement", [("tell", tell), ("id", number)] if number != "0" else [("tell", "again")]
    )


def _leaving_out(domain: Domain, text: str, conversation: Conversation) -> Interpretation | None:
    """The button that leaves the question of a form without an answer, where it has a meaning of its own."""
    nothing = names_nothing(text)
    if conversation.active_form is None or not (nothing or passes_on(text)):
        return None
    wanted = {NOTHING, *NO_MATTER} if nothing else NO_MATTER
    for _, payload in conversation.offered:
        meaning = read_payload(payload, domain)
        if meaning and any(e.name in ("choice", "tell") and e.value in wanted for e in meaning.entities):
            return meaning
    return None


def _quiet(meaning: Interpretation) -> Interpretation:
    """What it says of hours stays; never a STOP, which would end everything."""
    asked = Entity("tell", "quiet", 0, 0, "quiet")
    entities = (*meaning.entities, asked)
    return replace(meaning, intent="my_data", confidence=1.0, entities=entities, verdict=Verdict.ACT)


def _enrolling(
    domain: Domain, text: str, meaning: Interpretation, conversation: Conversation
) -> Interpretation | None:
    """ "Register me" with the button to enrol in one training just offered means that training.

    In Somali the same words register an organisation; with its name or the word for one, they still do.
    """
    likely = [intent for intent, _ in meaning.ranking[:2]]
    if conversation.active_form or "enroll_training" not in likely or meaning.intent == "enroll_training":
        return None
    if meaning.intent != "register_osc" and meaning.verdict is Verdict.ACT:
        return None
    offered = {payload for _, payload in conversation.offered if payload.startswith("/enroll_training{")}
    if len(offered) != 1 or ORGANISATION.search(fold(text)):
        return None
    return read_payload(offered.pop(), domain)


def _agreed(domain: Domain, meaning: Interpretation, conversation: Conversation) -> Interpretation | None:
    """A typed yes to a question with two buttons, one of them no, is the other button; "cancel" is "Stop"."""
    if meaning.verdict is not Verdict.ACT or conversation.active_form:
        return None
    if meaning.intent == "cancel":
        return _stopping(domain, conversation)
    if meaning.intent != "affirm":
        return None
    payloads = [payload for _, payload in conversation.offered]
    yeses = [payload for payload in payloads if payload.startswith((WISH, STILL_TRUE))]
    if yeses:
        return read_payload(yeses[-1], domain)
    if len(payloads) != 2 or "/deny" not in payloads:
        return None
    return read_payload(next((p for p in payloads if p != "/deny"), ""), domain)


def _stopping(domain: Domain, conversation: Conversation) -> Interpretation | None:
    """The button, just offered alone, that stops an announcement on its way."""
    if len(conversation.offered) != 1:
        return None
    meaning = read_payload(conversation.offered[0][1], domain)
    stops = meaning is not None and any(e.name == "tell" and e.value == STOPPING for e in meaning.entities)
    return meaning if stops else None


def _asks_number(domain: Domain, conversation: Conversation) -> bool:
    """To "how many?" a number is the answer, not the number of a button."""
    slot = domain.slots.get(conversation.requested_slot or "") if conversation.active_form else None
    return slot is not None and any(mapping.entity == "number" for mapping in slot.mappings)


def _asks_picture(conversation: Conversation) -> bool:
    """A photo is the answer: a logo, or the receipt of the organisation."""
    field = conversation.words("update_field")
    return conversation.requested_slot == "update_value" and field in PICTURES


def _number(text: str) -> str | None:
    """The number of an announcement that somebody wants to check, also one typed wrong."""
    codes = codes_in(text)
    if codes:
        return codes[0]
    return text.upper().removeprefix("N°").strip().replace("-", "") if looks_like_code(text) else None


def _link_code(text: str) -> str | None:
    """Six digits and nothing else, as `bot.linking` gives them; a phone number has more, a year fewer."""
    found = re.fullmatch(r"(\d{3})[\s-]?(\d{3})", text)
    return "".join(found.groups()) if found else None


def _tapped(meaning: Interpretation | None, conversation: Conversation) -> Reading:
    """A tap; one that answers "did you mean" speaks about the message that was in doubt, the escape does not."""
    if meaning is None:
        return Reading(NOT_UNDERSTOOD, None, "")
    doubt = conversation.doubt
    if (
        doubt
        and meaning.intent != ESCAPE
        and any(payload == f"/{meaning.intent}" for _, payload in conversation.offered)
    ):
        meant = replace(meaning, entities=(*meaning.entities, *doubt.entities))
        return Reading(meant, None, doubt.text, settles=True)
    return Reading(meaning, None, "")


def _contact(phone: str, own: bool, conversation: Conversation) -> Reading:
    asked = conversation.requested_slot
    field = conversation.words("update_field") if asked == "update_value" else asked
    if field != "osc_phone":
        return _unusable(Say("utter_media_unsupported"))
    if not own:
        return _unusable(Say("utter_invalid_contact_foreign"))
    number = phone if phone.startswith("+") else f"+{phone}" if len(phone) > 8 else phone
    return Reading(certain("inform", [("phone", number)]), None, "")
