"""What the bot knows of a person, told to them and erased at their word."""

from bot.actions.announcement_texts import LANGUAGE_KEYS
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.quiet_hours import DOOR as QUIET_DOOR
from bot.actions.quiet_hours import quiet_words
from bot.conversation import Forgotten

CONFIRMED = "now"
DATA_DOORS = (
    Label('/my_data{"tell": "file"}', response="utter_label_data_file"),
    Label('/my_data{"tell": "consents"}', response="utter_label_consents"),
)


async def my_data(context: Context) -> Outcome:
    kept = await context.registry.remembered()
    values = {
        "name": kept.name or "—",
        "organisations": kept.organisations,
        "messages": kept.messages,
        "trainings": kept.trainings,
        "reminders": kept.reminders,
        "quiet": await quiet_words(context),
    }
    consent = "utter_consent_yes" if kept.consented else "utter_consent_no"
    mentions = {"consent": consent}
    if kept.language in LANGUAGE_KEYS:
        mentions["language"] = f"utter_language_{LANGUAGE_KEYS[kept.language]}"
    else:
        values["language"] = "—"
    return Outcome(says=(Say("utter_my_data", values, (QUIET_DOOR, *DATA_DOORS), mentions=mentions),))


async def delete_my_data(context: Context) -> Outcome:
    """Asked once more first; then everything goes, but the language to say so in."""
    if context.entity("tell") != CONFIRMED:
        sure = Label(f'/delete_my_data{{"tell": "{CONFIRMED}"}}', response="utter_label_delete")
        return say("utter_delete_confirm", sure, Label("/deny", response="utter_label_keep"))
    staying = await context.personal.forget()
    kept = (Say("utter_deleted_kept", {"names": ", ".join(staying)}),) if staying else ()
    return Outcome((Forgotten(),), (Say("utter_deleted"), *kept), stops=True)
