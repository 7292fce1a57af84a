"""What a person agrees to, purpose by purpose, and everything known of them as a file."""

import json

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.consent import Purpose
from bot.conversation import Forgotten

TELLS = ("file", "consents")
YES, NO = "yes", "no"
SURE = "sure"


async def own_data(context: Context, tell: str) -> Outcome:
    """`tell`: file, consents, or consents:PURPOSE:yes|no (taking back the profile's asks once more)."""
    if context.in_group:
        return say("utter_private_only")
    if tell == "file":
        file = await context.personal.file()
        return Outcome(says=(Say("utter_data_file", attachment=file),))
    _, _, decision = tell.partition(":")
    purpose, _, answer = decision.partition(":")
    if purpose in set(Purpose):
        return await _decided(context, Purpose(purpose), answer)
    return Outcome(says=(await _shown(context),))


async def _decided(context: Context, purpose: Purpose, answer: str) -> Outcome:
    if purpose is Purpose.PROFILE and answer == NO:
        sure = Label(payload(purpose, SURE), response="utter_label_delete")
        return say("utter_delete_confirm", sure, Label("/deny", response="utter_label_keep"))
    await context.personal.decide(purpose, answer == YES)
    forgotten = (Forgotten(),) if answer == SURE else ()
    return Outcome(forgotten, (Say("utter_consent_changed"), await _shown(context)))


async def _shown(context: Context) -> Say:
    """Each purpose in words, and the button that changes it."""
    held = await context.personal.consents()
    answers = {True: context.words("utter_consent_yes"), False: context.words("utter_consent_no")}
    lines = "\n".join(
        f"- {context.words(f'utter_consent_about_{p}')} {answers[given]}" for p, given in held.items()
    )
    labels = tuple(
        Label(payload(p, NO if given else YES), response=f"utter_label_{'refuse' if given else 'allow'}_{p}")
        for p, given in held.items()
        if p is not Purpose.LEARNING or held[Purpose.PROFILE]
    )
    return Say("utter_consents", {"lines": lines}, labels)


def payload(purpose: Purpose, answer: str) -> str:
    return f"/my_data{json.dumps({'tell': f'consents:{purpose}:{answer}'})}"
