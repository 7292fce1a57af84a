"""Own words about an organisation, sent where they belong: questions, answers, reasons, requests for a good word."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.osc_review import decided, merge_labels
from bot.actions.osc_words import begin, purpose_of
from bot.actions.training_texts import payload
from bot.actions.trust_port import Judged
from bot.organisation import Standing

Sender = Callable[[Context, int, str], Awaitable[Outcome]]


async def keep_words(context: Context) -> Outcome:
    purpose, number = purpose_of(context)
    if purpose in FOR_COORDINATORS and context.person.role not in COORDINATORS:
        return say("utter_coordinators_only")
    words = " ".join(context.conversation.words("osc_words").split())
    return await SENDERS[purpose](context, number, words)


async def _asked(context: Context, number: int, words: str) -> Outcome:
    """The question reaches the organisation with a button to answer it."""
    verdict = await context.trust.ask(number, words)
    if verdict.result is not Judged.DONE:
        return say("utter_judged_over")
    reply = Label(payload("show_my_osc", tell=f"answer:{verdict.number}"), response="utter_label_answer")
    letters = [
        Say(
            "utter_osc_asked",
            {"name": verdict.organisation, "text": words},
            (reply,),
            to=one.address,
            language=one.language,
        )
        for one in verdict.told
    ]
    done = "utter_osc_question_sent" if letters else "utter_osc_nobody_to_ask"
    return Outcome(says=(Say(done, {"name": verdict.organisation}), *letters))


async def _refused(context: Context, number: int, words: str) -> Outcome:
    verdict = await context.trust.refuse(number, words)
    return await decided(context, number, verdict, "utter_osc_refused", reason=words)


async def _merged(context: Context, number: int, words: str) -> Outcome:
    """By number or by name: the entries it may be."""
    found = {card.id: f"{card.name} ({card.region})" for card in await context.profiles.find(words)}
    digits = words.lower().removeprefix("n°").strip()
    if digits.isdecimal() and (card := await context.trust.card(int(digits))):
        found[card.profile.card.id] = f"{card.profile.card.name} ({card.profile.card.region})"
    labels = merge_labels(number, [(n, title) for n, title in found.items() if n is not None])
    if not labels:
        again = Label(payload("review_osc", tell=f"other:{number}"), response="utter_label_try_again")
        return say("utter_merge_none", again, words=words)
    return say("utter_merge_which", *labels, name="")


async def _answered(context: Context, number: int, words: str) -> Outcome:
    answered = await context.trust.answer(number, words)
    if answered is None:
        return say("utter_join_over")
    see = Label(
        payload("review_osc", tell=f"card:{answered.organisation_id}"), response="utter_label_see_osc"
    )
    thanks = Say("utter_osc_answer_sent")
    if answered.asker is None:
        return Outcome(says=(thanks,))
    told = Say(
        "utter_osc_answered",
        {"name": answered.organisation, "text": words},
        (see,),
        to=answered.asker.address,
        language=answered.asker.language,
    )
    return Outcome(says=(thanks, told))


async def _vouchers(context: Context, number: int, words: str) -> Outcome:
    """Verified organisations of about that name."""
    found = [
        c for c in await context.profiles.find(words) if c.status == Standing.VERIFIED and c.id != number
    ]
    labels = tuple(
        Label(payload("show_my_osc", tell=f"please:{number}:{c.id}"), title=f"{c.name} ({c.region})")
        for c in found
    )
    if not labels:
        again = Label(payload("show_my_osc", tell=f"attest:{number}"), response="utter_label_try_again")
        return say("utter_vouch_none", again, words=words)
    return say("utter_join_which", *labels)


async def answer(context: Context, numbers: list[str]) -> Outcome:
    """Begin answering what a coordinator asked."""
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() else 0
    text = await context.trust.question(number)
    return say("utter_join_over") if text is None else begin("answer", numbers, text)


async def attest(context: Context, numbers: list[str]) -> Outcome:
    """Begin asking a verified organisation for its word."""
    return begin("vouch", numbers)


async def please(context: Context, numbers: list[str]) -> Outcome:
    """The request reaches the people of the verified organisation."""
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        return say("utter_join_over")
    verdict = await context.trust.ask_to_vouch(int(numbers[0]), int(numbers[1]))
    if verdict.result is not Judged.DONE or not verdict.told:
        return say("utter_join_over")
    labels = (
        Label(payload("show_my_osc", tell=f"vouch:{':'.join(numbers)}"), response="utter_label_vouch"),
        Label("/deny", response="utter_label_refuse"),
    )
    values = {"name": verdict.organisation, "voucher": verdict.status}
    letters = [
        Say("utter_vouch_request", values, labels, to=one.address, language=one.language)
        for one in verdict.told
    ]
    return Outcome(says=(Say("utter_vouch_asked", values), *letters))


async def vouch(context: Context, numbers: list[str]) -> Outcome:
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        return say("utter_join_over")
    verdict = await context.trust.vouch(int(numbers[0]), int(numbers[1]))
    values = {"name": verdict.organisation}
    if verdict.result is not Judged.DONE:
        return say("utter_join_over")
    letters = [
        Say("utter_osc_attested", values, to=one.address, language=one.language) for one in verdict.told
    ]
    return Outcome(says=(Say("utter_vouched", values), *letters))


SENDERS: Mapping[str, Sender] = {
    "ask": _asked,
    "refuse": _refused,
    "merge": _merged,
    "answer": _answered,
    "vouch": _vouchers,
}
FOR_COORDINATORS = frozenset({"ask", "refuse", "merge"})
