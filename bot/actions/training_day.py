"""The day of a training and the day after: being there by a code, and what people thought of it."""

import re

from bot.actions import naming, resources
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.training_choice import number_of, wordbook
from bot.actions.training_port import Attended
from bot.actions.training_texts import facts
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules, Invalid, Valid

CODE = re.compile(r"\D{0,20}\b(\d{4})\b\D{0,3}")
LONGEST_OPINION = 1000


async def check_opinion(value: object, context: Context) -> Valid | Invalid:
    words = " ".join(str(value).split())
    return Valid(words) if len(words) <= LONGEST_OPINION else Invalid("utter_invalid_opinion")


OPINION_FORM = FormRules(checks={"opinion_words": check_opinion}, optional=frozenset({"opinion_words"}))


async def inform(context: Context) -> Outcome:
    """A bare answer: a rating, an attendance code, the name of something, else words to search for."""
    if context.entity("tell") == "rate":
        return await _rate(context)
    if (attendance := await try_code(context)) is not None:
        return attendance
    return await naming.bare(context) or await resources.search_action(context)


async def try_code(context: Context) -> Outcome | None:
    """Four digits on the day of one's training are its code; None for anything else."""
    given = CODE.fullmatch(context.text.strip())
    if given is None:
        return None
    attending = await context.trainings.attend(given[1])
    if attending.training is None or attending.result is Attended.NO_TRAINING:
        return None
    values = {**facts(wordbook(context), attending.training), "left": attending.tries_left}
    labels: tuple[Label, ...] = ()
    if attending.result in (Attended.WRONG, Attended.BLOCKED):
        labels = (Label("/talk_to_human", response="utter_label_ask_coordinator"),)
    return say(f"utter_attendance_{attending.result}", *labels, **values)


async def _rate(context: Context) -> Outcome:
    training, rating = number_of(context), int(context.entity("number") or 0)
    if training is None or not 1 <= rating <= 5 or not await context.trainings.rate(training, rating):
        return say("utter_training_unknown")
    return Outcome(
        (SlotSet("opinion_training", str(training)), FormStarted("opinion_form")),
        (Say("utter_rating_noted", {"rating": rating}),),
    )


async def keep_opinion(context: Context) -> Outcome:
    now = context.conversation
    if (words := now.words("opinion_words")) and (training := now.words("opinion_training")):
        await context.trainings.comment(int(training), words)
    return say("utter_opinion_kept")
