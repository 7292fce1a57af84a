"""The cards on which coordinators say, message by message, what was meant."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.review_port import Beside, Card

LIKELIEST = 3
FAMILIES = {
    "talk": ("greet", "goodbye", "thank", "affirm", "deny", "cancel", "go_back", "inform"),
    "bot": (
        "help",
        "ask_identity",
        "switch_language",
        "talk_to_human",
        "give_feedback",
        "my_data",
        "delete_my_data",
        "out_of_scope",
    ),
    "project": ("ask_project", "ask_project_partners", "ask_project_calendar", "ask_needs", "express_need"),
    "resources": (
        "find_digital_space",
        "find_internet_offer",
        "find_equipment",
        "find_toolkit",
        "find_funding",
        "find_legal_info",
        "find_resource",
    ),
    "trainings": (
        "find_training",
        "ask_training_details",
        "enroll_training",
        "withdraw_training",
        "my_trainings",
    ),
    "news": ("subscribe", "unsubscribe", "set_reminder", "stop_reminders"),
    "organisations": (
        "find_osc",
        "register_osc",
        "update_osc",
        "show_my_osc",
        "find_project",
        "declare_project",
    ),
    "coordination": (
        "create_announcement",
        "delivery_report",
        "create_training",
        "trigger_reminder",
        "review_osc",
        "review_messages",
        "show_statistics",
    ),
}
"""All intents, in lists that a phone shows whole: ten rows at most, WhatsApp's limit."""


async def review_card(context: Context, tell: str) -> Outcome:
    """`card`: the next one; `more:CARD:FAMILY`: other intents for it; `is:CARD:INTENT`: a word on it; `learn`.

    All in one short value: platforms allow 64 bytes on a button.
    """
    step, given, told = [*tell.split(":", 2), "", ""][:3]
    if step == "learn":
        begins = await context.reviews.ask_to_learn()
        return say("utter_learning_begins" if begins else "utter_model_nothing_new")
    number = int(given) if given.isdecimal() and len(given) < 10 else 0
    if step == "more":
        return _family(context, number, told) if told in FAMILIES else _families(number)
    if step == "is" and (told in set(Beside) or told in context.domain.intents):
        became = await context.reviews.label(number, told)
        return Outcome(says=(Say(f"utter_review_{became}"), await _next(context)))
    return Outcome(says=(await _next(context),))


async def _next(context: Context) -> Say:
    card = await context.reviews.next()
    if card is not None:
        return _card(context, card)
    return Say("utter_review_done", labels=await learn_label(context))


async def learn_label(context: Context) -> tuple[Label, ...]:
    """The button that makes the bot learn, where there is something to learn."""
    count = await context.reviews.untaught()
    label = Label(_payload("learn"), response="utter_label_learn", values={"count": count})
    return (label,) if count else ()


def _card(context: Context, card: Card) -> Say:
    shares = dict(card.guesses)
    chosen = [card.chosen] if card.chosen else []
    likely = list(dict.fromkeys([*chosen, *shares]))[:LIKELIEST]
    guesses = "\n".join(
        f"{'✓' if intent == card.chosen else '•'} {_name(context, intent)} {shares.get(intent, 0):.0%}"
        for intent in likely
    )
    labels = (
        *(_meaning(context, card.id, intent) for intent in likely),
        Label(_payload(f"more:{card.id}:"), response="utter_label_review_other"),
        Label(_payload(f"is:{card.id}:{Beside.NEW_QUESTION}"), response="utter_label_review_new"),
        Label(_payload(f"is:{card.id}:{Beside.IGNORE}"), response="utter_label_review_ignore"),
    )
    values = {"text": card.text, "language": card.language, "guesses": guesses}
    return Say("utter_review_card", values, labels)


def _families(number: int) -> Outcome:
    labels = (Label(_payload(f"more:{number}:{name}"), response=f"utter_family_{name}") for name in FAMILIES)
    return say("utter_review_family", *labels)


def _family(context: Context, number: int, name: str) -> Outcome:
    labels = (_meaning(context, number, intent) for intent in FAMILIES[name])
    back = Label(_payload(f"more:{number}:"), response="utter_label_aud_menu")
    return say("utter_review_which", *labels, back)


def _meaning(context: Context, number: int, intent: str) -> Label:
    return Label(_payload(f"is:{number}:{intent}"), title=_name(context, intent))


def _name(context: Context, intent: str) -> str:
    """As people read it; those that are never offered to them have a name for coordinators alone."""
    response = f"utter_intent_{intent}"
    return context.words(response if response in context.domain.responses else f"utter_meaning_{intent}")


def _payload(tell: str) -> str:
    return f'/review_messages{{"tell":"{tell}"}}'
