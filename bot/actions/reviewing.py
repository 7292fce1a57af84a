"""The cards on which coordinators say, message by message, what was meant."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.review_port import Beside, Card

LIKELIEST = 3
LISTED = 8


async def review_card(context: Context, tell: str) -> Outcome:
    """`card`: the next one; `more:CARD:PAGE`: all intents for it; `is:CARD:INTENT`: a word on it.

    All in one short value: platforms allow 64 bytes on a button.
    """
    step, given, told = [*tell.split(":", 2), "", ""][:3]
    number = int(given) if given.isdecimal() and len(given) < 10 else 0
    if step == "more":
        return _all_intents(context, number, int(told) if told.isdecimal() else 0)
    if step == "is" and (told in set(Beside) or told in context.domain.intents):
        kept = await context.reviews.label(number, told)
        thanks = (Say("utter_review_kept" if kept else "utter_review_gone"),)
        return Outcome(says=(*thanks, await _next(context)))
    return Outcome(says=(await _next(context),))


async def _next(context: Context) -> Say:
    card = await context.reviews.next()
    return Say("utter_review_done") if card is None else _card(context, card)


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
        Label(_payload(f"more:{card.id}:0"), response="utter_label_review_other"),
        Label(_payload(f"is:{card.id}:{Beside.NEW_QUESTION}"), response="utter_label_review_new"),
        Label(_payload(f"is:{card.id}:{Beside.IGNORE}"), response="utter_label_review_ignore"),
    )
    values = {"text": card.text, "language": card.language, "guesses": guesses}
    return Say("utter_review_card", values, labels)


def _all_intents(context: Context, number: int, page: int) -> Outcome:
    intents = sorted(context.domain.intents, key=lambda intent: _name(context, intent))
    shown = intents[page * LISTED : (page + 1) * LISTED]
    labels = [_meaning(context, number, intent) for intent in shown]
    following = page + 1 if (page + 1) * LISTED < len(intents) else 0
    labels.append(Label(_payload(f"more:{number}:{following}"), response="utter_label_more"))
    return say("utter_review_which", *labels)


def _meaning(context: Context, number: int, intent: str) -> Label:
    return Label(_payload(f"is:{number}:{intent}"), title=_name(context, intent))


def _name(context: Context, intent: str) -> str:
    """As people read it; the intent's own name where nobody but coordinators meets it."""
    response = f"utter_intent_{intent}"
    return context.words(response) if response in context.domain.responses else intent


def _payload(tell: str) -> str:
    return f'/review_messages{{"tell":"{tell}"}}'
