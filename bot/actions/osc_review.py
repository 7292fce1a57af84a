"""The coordinators' queue of organisations: one card at a time, and what may be decided on it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.osc_words import begin
from bot.actions.profile_texts import completeness, profile_text
from bot.actions.training_texts import payload
from bot.actions.trust_port import Judged, ReviewCard, Verdict
from bot.organisation import Standing

Step = Callable[[Context, list[str]], Awaitable[Outcome]]


async def review_osc(context: Context) -> Outcome:
    """`tell` holds a step and its numbers ("card:12"); without one the first card that waits."""
    if context.person.role not in COORDINATORS:
        return say("utter_coordinators_only")
    step, *numbers = (context.entity("tell") or "next").split(":")
    if step not in STEPS or not all(number.isdecimal() for number in numbers):
        return say("utter_answer_not_understood")
    return await STEPS[step](context, numbers)


def label(*parts: object, response: str) -> Label:
    return Label(payload("review_osc", tell=":".join(map(str, parts))), response=response)


async def _next(context: Context, numbers: list[str]) -> Outcome:
    return await next_card(context, int(numbers[0]) if numbers else None)


async def next_card(context: Context, after: int | None) -> Outcome:
    card = await context.trust.next(after)
    return say("utter_osc_review_done") if card is None else shown(card, context)


async def _card(context: Context, numbers: list[str]) -> Outcome:
    card = await context.trust.card(int(numbers[0])) if numbers else None
    return say("utter_join_unknown") if card is None else shown(card, context)


def shown(card: ReviewCard, context: Context) -> Outcome:
    """The receipt comes first, as a picture of its own."""
    number = card.profile.card.id
    receipt = (
        (Say("utter_osc_receipt", {"name": card.profile.card.name}, attachment=card.receipt, apart=True),)
        if card.receipt
        else ()
    )
    values = {
        "card": profile_text(card.profile, context),
        "complete": completeness(card.profile.card)[0],
        "people": len(card.profile.people),
        "trust": _trust_lines(card, context),
        "waiting": card.waiting,
        "number": number,
    }
    status = {"status": f"utter_status_{card.profile.card.status}"}
    return Outcome(says=(*receipt, Say("utter_osc_to_review", values, _labels(card), mentions=status)))


def _labels(card: ReviewCard) -> tuple[Label, ...]:
    number, status = card.profile.card.id, card.profile.card.status
    attests = [label("attest", number, response="utter_label_attest")] if status == Standing.DECLARED else []
    accepts = [] if status == Standing.VERIFIED else [label("accept", number, response="utter_label_verify")]
    return (
        *accepts,
        *attests,
        label("ask", number, response="utter_label_ask_back"),
        label("refuse", number, response="utter_label_refuse_osc"),
        label("merge", number, response="utter_label_merge"),
        Label(payload("show_my_osc", tell=f"history:{number}:0"), response="utter_label_history"),
        Label(payload("show_my_osc", tell=f"people:{number}"), response="utter_label_people"),
        label("next", number, response="utter_label_next_osc"),
    )


def _trust_lines(card: ReviewCard, context: Context) -> str:
    """Whose word stands for it, what was asked and answered, and which entries look like it."""
    lines = []
    if card.coordinators:
        lines.append(context.words("utter_vouched_by_coordinators").format(count=card.coordinators))
    lines += [context.words("utter_vouched_by").format(name=name) for name in card.vouchers]
    lines += [f"? {asked.text}\n→ {asked.answer or '…'}" for asked in card.asked]
    for other in card.alike:
        why = ", ".join(context.words(f"utter_alike_{reason}") for reason in other.reasons)
        words = context.words("utter_looks_like")
        lines.append(words.format(name=other.name, region=other.region, number=other.id, why=why))
    return "\n".join(lines) or context.words("utter_nobody_vouched")


async def _accept(context: Context, numbers: list[str]) -> Outcome:
    verdict = await context.trust.accept(int(numbers[0]))
    return await decided(context, int(numbers[0]), verdict, "utter_osc_verified")


async def _attest(context: Context, numbers: list[str]) -> Outcome:
    verdict = await context.trust.attest(int(numbers[0]))
    return await decided(context, int(numbers[0]), verdict, "utter_osc_attested")


async def decided(context: Context, number: int, verdict: Verdict, told: str, **values: object) -> Outcome:
    """Say how it ended, tell the organisation when it did, and go on to the next card."""
    name = {"name": verdict.organisation, **values}
    done = Say(f"utter_judged_{verdict.result}", name)
    following = (await next_card(context, number)).says
    if verdict.result is not Judged.DONE:
        return Outcome(says=(done, *following))
    labels = (Label(payload("show_my_osc", id=number), response="utter_label_see_osc"),)
    letters = [
        Say(told, name, labels, to=one.address, language=one.language)
        for one in verdict.told
        if one.address != context.address
    ]
    return Outcome(says=(done, *letters, *following))


async def _ask(context: Context, numbers: list[str]) -> Outcome:
    return begin("ask", numbers)


async def _refuse(context: Context, numbers: list[str]) -> Outcome:
    return begin("refuse", numbers)


async def _merge(context: Context, numbers: list[str]) -> Outcome:
    """One number: with which other entry; two: what merging them would do."""
    if len(numbers) == 1:
        card = await context.trust.card(int(numbers[0]))
        if card is None or not card.alike:
            return begin("merge", numbers)
        labels = merge_labels(int(numbers[0]), [(a.id, f"{a.name} ({a.region})") for a in card.alike])
        other = label("other", numbers[0], response="utter_label_other_osc")
        return say("utter_merge_which", *labels, other, name=card.profile.card.name)
    duplicate, kept = [await context.trust.card(int(number)) for number in numbers[:2]]
    if duplicate is None or kept is None or duplicate.profile.card.id == kept.profile.card.id:
        return say("utter_join_unknown")
    values = {
        "gone": f"{duplicate.profile.card.name} (n° {numbers[0]})",
        "kept": f"{kept.profile.card.name} (n° {numbers[1]})",
        "people": len(duplicate.profile.people),
        "projects": duplicate.profile.proof.projects,
    }
    labels = (
        label("mergenow", *numbers[:2], response="utter_label_merge_now"),
        label("merge", numbers[1], numbers[0], response="utter_label_merge_other_way"),
        label("card", numbers[0], response="utter_label_back"),
    )
    return say("utter_merge_preview", *labels, **values)


def merge_labels(duplicate: int, others: list[tuple[int, str]]) -> tuple[Label, ...]:
    return tuple(
        Label(payload("review_osc", tell=f"merge:{duplicate}:{number}"), title=title)
        for number, title in others
        if number != duplicate
    )


async def _other(context: Context, numbers: list[str]) -> Outcome:
    return begin("merge", numbers)


async def _merge_now(context: Context, numbers: list[str]) -> Outcome:
    duplicate, kept = (int(number) for number in numbers[:2])
    verdict = await context.trust.merge(duplicate, kept)
    return await decided(context, kept, verdict, "utter_osc_merged")


STEPS: Mapping[str, Step] = {
    "next": _next,
    "card": _card,
    "accept": _accept,
    "attest": _attest,
    "ask": _ask,
    "refuse": _refuse,
    "merge": _merge,
    "other": _other,
    "mergenow": _merge_now,
}
