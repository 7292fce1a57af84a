"""A person tells a need: kept in their words at once, then put under a theme, a place and an urgency by taps."""

from typing import Any

from bot.actions import resources
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.needs_texts import (
    SEARCHES,
    place_name,
    topic_labels,
    topic_name,
    urgency_name,
)
from bot.actions.training_texts import payload
from bot.conversation import Event, SlotAnswered, SlotSet
from bot.forms import FormRules, Invalid, Valid
from bot.need import Need, Origin, Topic, Urgency
from bot.organisation import REGIONS
from bot.search_words import fold

LONGEST_NEED = 1000
EVERYWHERE = "all"
URGENT_WORDS = {
    Urgency.NOW: {"urgent", "urgence", "vite", "maintenant", "hadda", "degdeg", "away"},
    Urgency.MONTHS: {"mois", "bilo", "bisha"},
    Urgency.LATER: {"tard", "dambe", "sarra"},
}
"""What people write instead of tapping, folded."""


async def express_need(context: Context) -> Outcome:
    """The words are kept before anything is asked. A button with a number corrects the theme of a need kept."""
    number, tell = context.entity("id") or "", context.entity("tell")
    if number.isdigit():
        return await _corrected(context, int(number), tell)
    text = " ".join(context.text.split())
    if not text or len(text) > LONGEST_NEED:
        return Outcome()
    events: list[Event] = [SlotSet("need", str(await _keep(context, text)))]
    given = {
        "need_text": text,
        "need_topic": context.needs.guess(text),
        "need_region": context.entity("region"),
    }
    for slot, value in given.items():
        if value:
            events += [SlotSet(slot, str(value)), SlotAnswered(slot)]
    return Outcome(tuple(events), (Say("utter_need_heard", {"text": text}),))


async def _keep(context: Context, text: str) -> int:
    need = Need(
        text,
        context.conversation.language,
        Origin.SAID,
        context.needs.guess(text),
        theme=context.entity("theme"),
        region=context.entity("region"),
    )
    return await context.needs.keep(need)


async def _corrected(context: Context, number: int, tell: str | None) -> Outcome:
    need = await context.needs.mine(number)
    if need is None:
        return Outcome(says=(Say("utter_need_unknown"),), stops=True)
    if tell not in set(Topic):
        return Outcome(says=(Say("utter_ask_need_topic", labels=topic_labels(number, context)),), stops=True)
    topic = Topic(str(tell))
    await context.needs.place(number, topic, need.region, need.urgency)
    return Outcome(says=(Say("utter_need_moved", {"topic": topic_name(topic, context)}),), stops=True)


async def keep_need(context: Context) -> Outcome:
    """The form is complete: the need joins its like, and what is known for them is said at once."""
    now = context.conversation
    topic, number = Topic(now.words("need_topic")), int(now.words("need"))
    region = now.words("need_region") or None
    urgency = Urgency(now.words("need_urgency")) if now.words("need_urgency") else None
    alike = await context.needs.place(number, topic, region, urgency)
    values = {
        "topic": topic_name(topic, context),
        "place": place_name(region, context),
        "urgency": urgency_name(urgency, context),
    }
    says = [Say("utter_need_placed", values)]
    if alike.others:
        says.append(Say("utter_need_alike", {"count": alike.others}))
    if alike.answer:
        says.append(Say("utter_need_answered_before", {"answer": alike.answer}))
    says.append(Say("utter_need_next" if context.person.consented else "utter_need_next_nameless"))
    labels = (
        Label(payload("express_need", id=number), response="utter_label_other_topic"),
        Label(payload(SEARCHES[topic]), response="utter_label_find_help"),
    )
    says[-1] = Say(says[-1].response, labels=labels)
    return Outcome(says=tuple(says))


async def ask_needs(context: Context) -> Outcome:
    """The five themes of the report, then what people told the bot since."""
    told = await resources.search_action(context)
    figures = await context.needs.figures()
    door = Label(payload("ask_needs", tell="groups"), response="utter_label_need_groups")
    labels = (door,) if context.person.role in ("coordinator", "admin") else ()
    mine = Label("/express_need", response="utter_intent_express_need")
    if figures.since is None or not figures.told:
        return Outcome(told.events, (*told.says, Say("utter_needs_none", labels=(mine, *labels))))
    lines = "\n".join(
        f"{place}. {topic_name(topic, context)} : {figures.by_topic.get(topic, 0)}"
        for place, topic in enumerate(Topic, start=1)
    )
    values = {
        "total": figures.told,
        "since": f"{figures.since.astimezone(context.zone):%d/%m/%Y}",
        "lines": lines,
        "answered": figures.answered,
    }
    return Outcome(told.events, (*told.says, Say("utter_needs_figures", values, (mine, *labels))))


async def check_text(value: Any, context: Context) -> Valid | Invalid:
    text = " ".join(str(value).split())
    if len(text) > LONGEST_NEED or not any(c.isalpha() for c in text):
        return Invalid("utter_invalid_need", {"limit": LONGEST_NEED})
    also: dict[str, Any] = {"need": str(await _keep(context, text))}
    if topic := context.needs.guess(text):
        also["need_topic"] = str(topic)
    if region := context.entity("region"):
        also["need_region"] = region
    return Valid(text, also)


async def check_topic(value: Any, context: Context) -> Valid | Invalid:
    if value in set(Topic):
        return Valid(str(value))
    guessed = context.needs.guess(str(value))
    return Valid(str(guessed)) if guessed else Invalid("utter_choose_button")


async def check_region(value: Any, context: Context) -> Valid | Invalid:
    if value == EVERYWHERE:
        return Valid(None)
    return Valid(str(value)) if value in REGIONS else Invalid("utter_choose_button")


async def check_urgency(value: Any, context: Context) -> Valid | Invalid:
    if value in set(Urgency):
        return Valid(str(value))
    words = set(fold(str(value)).split())
    meant = [urgency for urgency, some in URGENT_WORDS.items() if words & some]
    return Valid(str(meant[0])) if len(meant) == 1 else Invalid("utter_choose_button")


def _labels(slot: str, context: Context) -> tuple[Label, ...]:
    match slot:
        case "need_topic":
            return topic_labels(None, context)
        case "need_region":
            places = tuple(Label(payload("inform", region=region), title=region) for region in REGIONS)
            return (*places, Label(payload("inform", tell=EVERYWHERE), response="utter_need_everywhere"))
        case "need_urgency":
            return tuple(
                Label(payload("inform", tell=u), response=f"utter_need_urgency_{u}") for u in Urgency
            )
        case _:
            return ()


NEED_FORM = FormRules(
    checks={
        "need_text": check_text,
        "need_topic": check_topic,
        "need_region": check_region,
        "need_urgency": check_urgency,
    },
    optional=frozenset({"need_urgency"}),
    labels=_labels,
)


def refused(context: Context) -> Outcome | None:
    """What somebody without the role is told, and nothing else."""
    allowed = context.person.role in ("coordinator", "admin")
    return None if allowed else say("utter_coordinators_only")
