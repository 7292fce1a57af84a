"""Writing to an organisation through the bot: its people answer, decline or report, and no number is given."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.finding_port import Letter, MayWrite
from bot.actions.training_texts import payload
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules, Invalid, Valid

SHORTEST, LONGEST = 5, 1000
QUOTED = 300
HUMAN = Label("/talk_to_human", response="utter_label_ask_coordinator")
MENU = Label("/help", response="utter_intent_help")


async def check_letter(value: Any, context: Context) -> Valid | Invalid:
    text = str(value).strip()
    return Valid(text) if SHORTEST <= len(text) <= LONGEST else Invalid("utter_invalid_letter")


async def check_answer(value: Any, context: Context) -> Valid | Invalid:
    """Also a short one: "oui"."""
    text = str(value).strip()
    return Valid(text) if 0 < len(text) <= LONGEST else Invalid("utter_invalid_letter")


LETTER_FORM = FormRules(
    checks={"letter_text": check_letter},
    values=lambda slot, context: {"name": context.conversation.words("letter_name")},
)
ANSWER_FORM = FormRules(
    checks={"letter_answer": check_answer},
    values=lambda slot, context: {"text": context.conversation.words("letter_quoted")},
)


async def write(context: Context, organisation_id: int) -> Outcome:
    """Ask for the message, once the person agreed that their name goes with it."""
    found = await context.finding.organisation(organisation_id)
    if found is None or context.in_group:
        return say("utter_osc_gone")
    may = await context.finding.may_write(organisation_id)
    if may is not MayWrite.YES:
        return say(f"utter_letter_{may}", HUMAN, MENU)
    if not context.person.consented:
        agree = Label(
            payload("find_osc", tell=f"agree:{organisation_id}"), response="utter_label_agree_write"
        )
        return say("utter_ask_letter_consent", agree, Label("/deny", response="utter_label_no"))
    return _ask(organisation_id, found.name)


def _ask(organisation_id: int, name: str) -> Outcome:
    events = (SlotSet("letter_to", str(organisation_id)), SlotSet("letter_name", name))
    return Outcome((*events, FormStarted("letter_form")))


async def agree(context: Context, organisation_id: int) -> Outcome:
    found = await context.finding.organisation(organisation_id)
    if found is None or context.in_group:
        return say("utter_osc_gone")
    await context.registry.consent()
    return _ask(organisation_id, found.name)


async def send(context: Context) -> Outcome:
    """The message goes to everybody who answers for the organisation."""
    organisation_id = int(context.conversation.words("letter_to") or 0)
    letter = await context.finding.write(organisation_id, context.conversation.words("letter_text"))
    if letter is None:
        return say(f"utter_letter_{await context.finding.may_write(organisation_id)}", HUMAN, MENU)
    arrived = tuple(_arrived(context, letter, *to) for to in letter.to)
    return Outcome(says=(Say("utter_letter_sent", {"name": letter.organisation}), *arrived))


def _arrived(context: Context, letter: Letter, address: Any, language: str) -> Say:
    steps = ("answer", "decline", "report")
    labels = tuple(
        Label(payload("find_osc", tell=f"{step}:{letter.id}"), response=f"utter_label_letter_{step}")
        for step in steps
    )
    values = {"name": letter.organisation, "text": letter.text, "sender": _sender(context, letter, language)}
    return Say("utter_letter_arrived", values, labels, to=address, language=language)


def _sender(context: Context, letter: Letter, language: str) -> str:
    return letter.sender or context.domain.words("utter_letter_sender", language).text


async def answer(context: Context, number: int) -> Outcome:
    letter = await context.finding.letter(number)
    if letter is None:
        return say("utter_letter_gone", MENU)
    quoted = letter.text if len(letter.text) <= QUOTED else f"{letter.text[:QUOTED]}…"
    events = (SlotSet("letter_number", str(number)), SlotSet("letter_quoted", quoted))
    return Outcome((*events, FormStarted("letter_answer_form")))


async def send_answer(context: Context) -> Outcome:
    number = int(context.conversation.words("letter_number") or 0)
    letter = await context.finding.settle(number, "answered")
    if letter is None:
        return say("utter_letter_gone", MENU)
    values = {
        "name": letter.organisation,
        "answer": context.conversation.words("letter_answer"),
        "text": letter.text,
    }
    again = Label(
        payload("find_osc", tell=f"write:{letter.organisation_id}"), response="utter_label_letter_answer"
    )
    back = Say("utter_letter_answered", values, (again,), to=letter.back, language=letter.language)
    return Outcome(says=(Say("utter_letter_answer_sent"), back))


async def decline(context: Context, number: int) -> Outcome:
    letter = await context.finding.settle(number, "declined")
    if letter is None:
        return say("utter_letter_gone", MENU)
    told = Say(
        "utter_letter_no_answer",
        {"name": letter.organisation},
        (HUMAN,),
        to=letter.back,
        language=letter.language,
    )
    return Outcome(says=(Say("utter_letter_declined"), told))


async def report(context: Context, number: int) -> Outcome:
    """The coordinators see the message; its sender learns nothing, and can write there no more."""
    letter = await context.finding.settle(number, "reported")
    if letter is None:
        return say("utter_letter_gone", MENU)
    told = tuple(
        Say(
            "utter_letter_report",
            {"name": letter.organisation, "sender": _sender(context, letter, language), "text": letter.text},
            to=address,
            language=language,
        )
        for address, language in await context.desk.coordinators()
    )
    return Outcome(says=(Say("utter_letter_reported", labels=(MENU,)), *told))


LETTER_STEPS: Mapping[str, Callable[[Context, int], Awaitable[Outcome]]] = {
    "write": write,
    "agree": agree,
    "answer": answer,
    "decline": decline,
    "report": report,
}
"""By the first word of `tell`; the number behind it is an organisation's or a message's."""
