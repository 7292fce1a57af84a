"""The one question about an organisation that own words answer: what is asked, why it is refused, which other one."""

from bot.actions.context import Context, Outcome
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules

FORM = "osc_words_form"


def begin(purpose: str, numbers: list[str], about: str = "") -> Outcome:
    """`purpose` names the question (utter_osc_words_…); `about` is quoted in it."""
    kept = ":".join([purpose, *numbers[:1]])
    return Outcome((SlotSet("osc_words_for", kept), SlotSet("osc_words_about", about), FormStarted(FORM)))


def purpose_of(context: Context) -> tuple[str, int]:
    """The purpose and the number it was begun with."""
    purpose, _, number = context.conversation.words("osc_words_for").partition(":")
    return purpose, int(number) if number.isdecimal() else 0


def question(slot: str, context: Context) -> dict[str, str]:
    purpose, _ = purpose_of(context)
    asked = context.words(f"utter_osc_words_{purpose}") if purpose else ""
    return {"question": asked.format(about=context.conversation.words("osc_words_about"))}


WORDS_FORM = FormRules(checks={}, values=question)
