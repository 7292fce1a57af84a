"""First contact, language, consent, and what the bot does when it is not sure what was meant."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.finding import said_of_osc
from bot.actions.resources import search
from bot.actions.training_day import try_code
from bot.conversation import ESCAPE, Doubted, Noticed, SlotSet
from nlu.meaning import Verdict

LANGUAGE_CODES = {"français": "fr", "somali": "so", "afar": "aa"}
MOST_CHOICES = 3
NO_GUESS = frozenset({"greet", "help", "ask_identity", "inform", "out_of_scope"})
"""Meanings that are no help to who writes in another language."""
GREETED = "greeted"
CONSENT_OFFERED = "consent_offered"
CONSENT_ANSWERED = "consent_answered"


async def first_contact(context: Context) -> Outcome:
    """The very first words, in three languages, with the choice of one."""
    return Outcome((Noticed(GREETED),), (Say("utter_choose_language"),))


async def switch_language(context: Context) -> Outcome:
    code = LANGUAGE_CODES.get(context.entity("language") or "")
    if code is None:
        return say("utter_choose_language")
    await context.registry.set_language(code)
    events = (SlotSet("language", code), Noticed(GREETED))
    if context.conversation.active_form:
        return Outcome(events, (Say("utter_language_set"),))
    if CONSENT_OFFERED in context.conversation.notices or context.person.consented:
        return Outcome(events, (Say("utter_language_set"), Say("utter_menu")))
    return Outcome(
        (*events, Noticed(CONSENT_OFFERED)), (Say("utter_language_set"), Say("utter_consent_request"))
    )


async def affirm(context: Context) -> Outcome:
    if context.entity("tell") and await context.desk.tell_later():
        return say("utter_will_tell")
    if _consent_is_open(context):
        await context.registry.consent()
        return Outcome(
            (SlotSet("consent", True), Noticed(CONSENT_ANSWERED)),
            (Say("utter_consent_given"), Say("utter_menu")),
        )
    return Outcome(says=(Say("utter_ok"), Say("utter_menu")))


async def deny(context: Context) -> Outcome:
    if _consent_is_open(context):
        return Outcome((Noticed(CONSENT_ANSWERED),), (Say("utter_consent_declined"), Say("utter_menu")))
    return Outcome(says=(Say("utter_ok"), Say("utter_menu")))


def _consent_is_open(context: Context) -> bool:
    notices = context.conversation.notices
    return CONSENT_OFFERED in notices and CONSENT_ANSWERED not in notices and not context.person.consented


async def other_language(context: Context) -> Outcome:
    """Which languages there are, in English too; the likeliest meaning as a button, a person as another."""
    meaning = context.meaning
    is_guessed = meaning.verdict is not Verdict.ABSTAIN and meaning.intent not in NO_GUESS
    guess = _choices(context)[:1] if is_guessed else ()
    events = (Doubted(context.text, meaning.entities),) if guess else ()
    return Outcome((Noticed(GREETED), *events), (Say("utter_other_language", labels=(*guess, _human())),))


async def fallback(context: Context) -> Outcome:
    """Not sure: offer the likeliest meanings; no idea: search the resources, then apologise and keep it."""
    if context.meaning.language == "ar":
        return say("utter_arabic_script")
    if (attendance := await try_code(context)) is not None:
        return attendance
    if (organisation := await said_of_osc(context, who=True)) is not None:
        return organisation
    kept = False
    if context.conversation.active_form is None:
        kept = await context.reviews.keep(context.text, context.meaning.ranking, context.meaning.language)
    choices = _choices(context) if context.meaning.verdict is Verdict.ASK else ()
    if choices:
        return Outcome(
            (Doubted(context.text, context.meaning.entities),),
            (Say("utter_did_you_mean", labels=(*choices, _human())),),
        )
    is_worded = any(letter.isalpha() for letter in context.text)
    found = await search(context, kind=None, strict=True) if is_worded else None
    if found is not None:
        return found
    ranking = list(context.meaning.ranking[:5])
    kept = await context.desk.note("not_understood", context.text, {"ranking": ranking}) or kept
    return say("utter_not_understood" if kept else "utter_not_understood_unkept")


def _human() -> Label:
    return Label(f"/{ESCAPE}", response="utter_intent_talk_to_human")


def _choices(context: Context) -> tuple[Label, ...]:
    """The likeliest intents that have a name people can read."""
    named = [
        intent
        for intent, _ in context.meaning.ranking
        if f"utter_intent_{intent}" in context.domain.responses and intent != ESCAPE
    ]
    return tuple(Label(f"/{intent}", response=f"utter_intent_{intent}") for intent in named[:MOST_CHOICES])
