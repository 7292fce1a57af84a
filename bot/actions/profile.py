"""Seeing one's organisations, and their people: who joins, who leaves, who may change what."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions import osc_letters
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.directory_port import Asked, Colleague, Joined, OrganisationCard, Profile
from bot.actions.history_texts import history_page, undo_change
from bot.actions.profile_texts import own_card, which_labels
from bot.actions.registration import check_consent
from bot.actions.training_texts import payload
from bot.actions.updating import opened
from bot.conversation import FormEnded, FormStarted, SlotSet
from bot.forms import FormRules
from bot.organisation import Part

REGISTERING = "register_osc_form"
Step = Callable[[Context, list[str]], Awaitable[Outcome]]


async def show_my_osc(context: Context) -> Outcome:
    """`tell` holds a step and its numbers ("people:12"), in one short value for the sake of button sizes."""
    step, *numbers = (context.entity("tell") or "").split(":")
    if step in STEPS:
        return await STEPS[step](context, numbers)
    cards = await context.directory.of_person(context.person.id)
    wanted = context.entity("id")
    chosen = [card for card in cards if wanted in (None, str(card.id))]
    if not chosen:
        return say("utter_no_osc", _tell("join", response="utter_label_join_osc"))
    if len(chosen) > 1:
        return say("utter_which_osc", *which_labels(chosen, "show_my_osc"))
    profile = await context.profiles.profile(chosen[0].id or 0)
    return say("utter_no_osc") if profile is None else Outcome(says=(own_card(profile, context),))


def _tell(*parts: object, response: str) -> Label:
    return Label(payload("show_my_osc", tell=":".join(map(str, parts))), response=response)


async def _profile(context: Context, numbers: list[str]) -> Profile | None:
    number = numbers[0] if numbers else ""
    return await context.profiles.profile(int(number)) if number.isdecimal() else None


async def _people(context: Context, numbers: list[str]) -> Outcome:
    profile = await _profile(context, numbers)
    if profile is None:
        return say("utter_no_osc")
    number = profile.card.id
    lines = "\n".join(f"• {_called(who, context)}" for who in profile.people) or "—"
    decides = profile.part is Part.CONTACT or profile.part is None
    others = [who for who in profile.people if who.person_id != context.person.id]
    labels = [
        Label(payload("show_my_osc", tell=f"one:{number}:{who.person_id}"), title=_name(who, context))
        for who in others
        if decides
    ]
    if profile.part in (Part.CONTACT, Part.MANAGER, None):
        labels.append(_tell("history", number, 0, response="utter_label_history"))
    if profile.part is not None:
        labels.append(_tell("leave", number, response="utter_label_leave"))
    return say("utter_osc_people", *labels, name=profile.card.name, people=lines)


def _name(who: Colleague, context: Context) -> str:
    return who.name or context.words("utter_nameless")


def _called(who: Colleague, context: Context) -> str:
    return f"{_name(who, context)} : {context.words(f'utter_part_{who.part}')}"


async def _one(context: Context, numbers: list[str]) -> Outcome:
    """What the contact may do with one of the people."""
    profile = await _profile(context, numbers)
    found = [p for p in profile.people if str(p.person_id) in numbers[1:]] if profile else []
    if profile is None or not found:
        return say("utter_no_osc")
    who = found[0]
    labels = [
        _tell("set", profile.card.id, who.person_id, part, response=f"utter_label_part_{part}")
        for part in Part
        if part is not who.part
    ]
    labels.append(_tell("set", profile.card.id, who.person_id, "out", response="utter_label_send_away"))
    return say("utter_osc_one", *labels, who=_called(who, context))


async def _set(context: Context, numbers: list[str]) -> Outcome:
    organisation, person, wanted = [*numbers, "", "", ""][:3]
    if not (organisation.isdecimal() and person.isdecimal()):
        return say("utter_no_osc")
    part = Part(wanted) if wanted in set(Part) else None
    if not await context.profiles.set_part(int(organisation), int(person), part):
        return say("utter_contact_only")
    return Outcome(says=(Say("utter_people_changed"), *(await _people(context, numbers)).says))


async def _leave(context: Context, numbers: list[str]) -> Outcome:
    profile = await _profile(context, numbers)
    if profile is None or profile.part is None:
        return say("utter_no_osc")
    warning = "utter_leave_alone" if len(profile.people) == 1 else "utter_leave_sure"
    return say(
        warning,
        _tell("left", profile.card.id, response="utter_label_leave_now"),
        Label("/deny", response="utter_label_stay"),
        name=profile.card.name,
    )


async def _left(context: Context, numbers: list[str]) -> Outcome:
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() else 0
    left = await context.profiles.leave(number)
    if left is None:
        return say("utter_no_osc")
    told: list[Say] = []
    if left.alone:
        label = Label(payload("review_osc", tell=f"card:{number}"), response="utter_label_see_osc")
        told = [
            Say("utter_osc_alone", {"name": left.organisation}, (label,), to=address, language=language)
            for address, language in await context.desk.coordinators()
        ]
    return Outcome(says=(Say("utter_left_osc", {"name": left.organisation}), *told))


async def _join(context: Context, numbers: list[str]) -> Outcome:
    """Without a number ask for the name first; nothing is asked in somebody's name before they consent.

    Who was registering the very same organisation need not go on with that.
    """
    if not numbers or not context.person.consented:
        chosen = numbers[0] if numbers else None
        return Outcome((SlotSet("join_osc", chosen), FormStarted("join_form")))
    number = int(numbers[0]) if numbers[0].isdecimal() else 0
    asked = await ask_to_join(context, number)
    if context.conversation.active_form != REGISTERING:
        return asked
    slots = tuple(s for s in context.domain.forms[REGISTERING].slots if s != "consent")
    return Outcome((FormEnded(slots),), asked.says, stops=True)


async def _still(context: Context, numbers: list[str]) -> Outcome:
    """Yes: what was asked about is still true."""
    asked = await _answered(context, numbers, "yes")
    if asked is None:
        return say("utter_join_over")
    field = context.words(f"utter_label_osc_{asked.field}")
    kept = Say("utter_still_true_kept", {"field": field, "name": asked.organisation})
    awake = (Say("utter_osc_awake", {"name": asked.organisation}),) if asked.woke else ()
    return Outcome(says=(*awake, kept))


async def _wrong(context: Context, numbers: list[str]) -> Outcome:
    """The form of that one field opens."""
    asked = await _answered(context, numbers, "corrected")
    profile = await context.profiles.profile(asked.organisation_id) if asked else None
    if asked is None or profile is None:
        return say("utter_join_over")
    return Outcome((*opened(profile, f"osc_{asked.field}", context), FormStarted("update_osc_form")))


async def _answered(context: Context, numbers: list[str], answer: str) -> Asked | None:
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() else 0
    return await context.profiles.answer_freshness(number, answer)


async def ask_to_join(context: Context, number: int) -> Outcome:
    joining = await context.profiles.ask_to_join(number)
    values = {"name": joining.organisation}
    if joining.result is not Joined.ASKED:
        return say(f"utter_join_{joining.result}", **values)
    name = (await context.registry.remembered()).name
    asked = [
        Say(
            "utter_join_request",
            {"who": name, **values},
            join_labels(joining.number),
            mentions={} if name else {"who": "utter_nameless"},
            to=one.address,
            language=one.language,
        )
        for one in joining.told
    ]
    return Outcome(says=(Say("utter_join_asked", values), *asked))


def join_labels(number: int) -> tuple[Label, ...]:
    """Three ways to decide on a request."""
    return (
        _tell("in", number, Part.MANAGER, response="utter_label_accept_manager"),
        _tell("in", number, Part.MEMBER, response="utter_label_accept_member"),
        _tell("in", number, "no", response="utter_label_refuse"),
    )


async def _in(context: Context, numbers: list[str]) -> Outcome:
    number, wanted = [*numbers, "", ""][:2]
    part = Part(wanted) if wanted in set(Part) else None
    decided = await context.profiles.decide_join(int(number), part) if number.isdecimal() else None
    if decided is None:
        return say("utter_join_over")
    values = {"name": decided.organisation, "who": decided.name or context.words("utter_nameless")}
    done = Say("utter_join_accepted" if part else "utter_join_refused", values)
    if decided.person is None:
        return Outcome(says=(done,))
    told = Say(
        "utter_you_joined" if part else "utter_you_did_not_join",
        values,
        mentions={"part": f"utter_part_{part or Part.MEMBER}"},
        to=decided.person.address,
        language=decided.person.language,
    )
    return Outcome(says=(done, told))


async def pick_to_join(context: Context) -> Outcome:
    """After the name: organisations of about that name, each with a button; one chosen before is asked at once."""
    chosen = context.conversation.words("join_osc")
    if chosen.isdecimal():
        return await ask_to_join(context, int(chosen))
    words = context.conversation.words("join_words")
    found = {card.id: f"{card.name} ({card.region})" for card in await context.profiles.find(words)}
    if not found:
        like = await context.trust.alike(OrganisationCard(words, "", "", ()))
        found = {one.id: f"{one.name} ({one.region})" for one in like}
    if not found:
        again = _tell("join", response="utter_label_try_again")
        register = Label("/register_osc", response="utter_intent_register_osc")
        return say("utter_join_none", again, register, words=words)
    labels = tuple(
        Label(payload("show_my_osc", tell=f"join:{number}"), title=title) for number, title in found.items()
    )
    return say("utter_join_which", *labels)


JOIN_FORM = FormRules(
    checks={"consent": check_consent},
    decisive={"consent": "utter_consent_declined"},
    needless=lambda now: frozenset({"join_words"} if now.words("join_osc") else ()),
)
STEPS: Mapping[str, Step] = {
    "people": _people,
    "one": _one,
    "set": _set,
    "leave": _leave,
    "left": _left,
    "join": _join,
    "in": _in,
    "answer": osc_letters.answer,
    "attest": osc_letters.attest,
    "please": osc_letters.please,
    "vouch": osc_letters.vouch,
    "still": _still,
    "wrong": _wrong,
    "history": history_page,
    "undo": undo_change,
}
