"""Being told when a training opens: asked for by a button, kept with consent, shown, taken back."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.registration import THEMES
from bot.actions.training_choice import wordbook
from bot.actions.training_texts import payload, wish_words
from bot.training import Wish

KEYS = {key: theme for theme, key in THEMES.items()}


def tell_me(context: Context) -> Label:
    """The button; what was looked for goes with it."""
    theme, region = context.entity("theme") or "", context.entity("region") or ""
    return Label(_payload("wish", Wish(theme, region)), response="utter_label_tell_me")


def drop_label(wish: Wish) -> Label:
    return Label(payload("find_training", id=wish.id, tell="unwish"), response="utter_label_drop_wish")


async def wish_step(context: Context, tell: str) -> Outcome:
    """`wish:theme:region` asks for consent where it is missing, `wish!:…` gives it; `unwish` takes a wish back."""
    if tell == "unwish":
        number = context.entity("id") or ""
        dropped = number.isdigit() and await context.trainings.drop_wish(int(number))
        return say("utter_wish_dropped" if dropped else "utter_wish_unknown")
    verb, _, rest = tell.partition(":")
    key, _, region = rest.partition(":")
    wish = Wish(KEYS.get(key), region or None)
    if not context.person.consented:
        if verb != "wish!":
            agree = Label(_payload("wish!", wish), response="utter_label_agree_wish")
            return say("utter_wish_consent", agree, Label("/deny", response="utter_label_no"))
        await context.registry.consent()
    if not await context.trainings.wish(wish):
        return say("utter_too_many_wishes", Label("/my_trainings", response="utter_label_my_reminders"))
    kept = next(
        (w for w in await context.trainings.wishes() if (w.theme, w.region) == (wish.theme, wish.region)),
        None,
    )
    values = {"wish": wish_words(wordbook(context), wish)}
    return Outcome(says=(Say("utter_wish_kept", values, (drop_label(kept),) if kept else ()),))


def _payload(verb: str, wish: Wish) -> str:
    key = THEMES.get(wish.theme or "", "")
    return payload("find_training", tell=f"{verb}:{key}:{wish.region or ''}")
