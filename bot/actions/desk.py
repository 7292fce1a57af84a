"""What people tell the coordinators, and what the coordinators answer."""

from bot.actions.context import Context, Label, Outcome, Question, Say, say
from bot.actions.reviewing import learn_label, review_card
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules

ANSWERERS = frozenset({"coordinator", "admin"})
LISTED = 5

HUMAN_FORM = FormRules(checks={})
FEEDBACK_FORM = FormRules(checks={})
ANSWER_FORM = FormRules(
    checks={},
    values=lambda slot, context: {
        "number": context.conversation.words("answer_to"),
        "text": context.conversation.words("answer_question"),
    },
)


async def send_to_human(context: Context) -> Outcome:
    text = context.conversation.words("human_message")
    number = await context.desk.keep("to_human", text, {})
    coordinators = await context.desk.coordinators()
    told = tuple(
        Say(
            "utter_coordinator_question",
            {"number": number, "language": context.conversation.language, "text": text},
            (_reply_button(number),),
            to=address,
            language=language,
        )
        for address, language in coordinators
    )
    done = Say("utter_human_message_sent" if told else "utter_human_message_kept", {"number": number})
    return Outcome(says=(done, *told))


def _reply_button(number: int) -> Label:
    return Label(
        f'/review_messages{{"id": "{number}"}}', response="utter_label_reply", values={"number": number}
    )


async def keep_feedback(context: Context) -> Outcome:
    await context.desk.keep("feedback", context.conversation.words("feedback_text"), {})
    return say("utter_feedback_kept")


async def review_messages(context: Context) -> Outcome:
    """For coordinators: what waits for an answer; a button with an id starts answering it."""
    if context.person.role not in ANSWERERS:
        return say("utter_coordinators_only")
    if tell := context.entity("tell"):
        return await review_card(context, tell)
    if number := context.entity("id"):
        question = await context.desk.question(int(number))
        if question is None:
            return say("utter_no_questions")
        remembered = (SlotSet("answer_to", number), SlotSet("answer_question", question.text))
        return Outcome((*remembered, FormStarted("answer_form")))
    waiting = await context.desk.waiting(LISTED)
    doubtful = await context.reviews.waiting()
    label = Label('/review_messages{"tell": "card"}', response="utter_label_review")
    learn = await learn_label(context)
    cards: tuple[Say, ...] = (Say("utter_review_done", labels=learn),) if learn else ()
    if doubtful:
        cards = (Say("utter_reviews_waiting", {"count": doubtful}, (label, *learn)),)
    if not waiting:
        return Outcome(says=cards) if cards else say("utter_no_questions")
    counted = Say("utter_questions_waiting", {"count": len(waiting)})
    return Outcome(says=(counted, *map(_listed, waiting), *cards))


def _listed(question: Question) -> Say:
    values = {"number": question.id, "language": question.language, "text": question.text}
    return Say("utter_coordinator_question", values, (_reply_button(question.id),))


async def send_answer(context: Context) -> Outcome:
    number = int(context.conversation.words("answer_to") or 0)
    question = await context.desk.question(number)
    answer = context.conversation.words("answer_text")
    if context.person.role not in ANSWERERS or question is None:
        return say("utter_coordinators_only")
    if not await context.desk.answered(number, answer):
        return say("utter_no_questions")
    values = {"answer": answer, "text": question.text}
    arrived = Say("utter_answer_arrived", values, to=question.address, language=question.language)
    return Outcome(says=(Say("utter_answer_sent"), arrived))
