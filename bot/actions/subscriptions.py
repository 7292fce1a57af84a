"""Topics a person follows, and STOP: nothing unasked any more, on every channel, with a way back."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.quiet_hours import DOOR as QUIET_DOOR
from bot.actions.registration import THEMES
from bot.search_words import fold

CALLS, TRAININGS = "appels", "formations"
TOPICS = (*THEMES, CALLS, TRAININGS)
WORDS = {
    CALLS: "appel appels financement financements subvention maalgelin maalgelinta maaliyya ixbu",
    TRAININGS: "formation formations stage tababar tababarro tababarka tababarrada aydakaakan",
}


async def subscribe(context: Context) -> Outcome:
    """Named topics are followed; without any, the choice; who had stopped is welcome again."""
    back = await context.following.stopped()
    if back:
        await context.following.come_back()
    named = _named(context)
    for topic in named:
        await context.following.follow(topic)
    if named:
        values = {"topics": ", ".join(topic_name(topic, context) for topic in named)}
        said = [Say("utter_back_again")] if back else []
        return Outcome(says=(*said, Say("utter_subscribed", values, (_more(),))))
    said = [Say("utter_back_again")] if back else []
    return Outcome(says=(*said, await _choice(context)))


async def unsubscribe(context: Context) -> Outcome:
    """A topic is left; a bare STOP ends everything, and is confirmed once."""
    named = _named(context)
    if named:
        for topic in named:
            await context.following.leave(topic)
        values = {"topics": ", ".join(topic_name(topic, context) for topic in named)}
        stop = Label("/unsubscribe", response="utter_label_stop_all")
        return Outcome(says=(Say("utter_unsubscribed", values, (_more(), stop)),))
    back = Label("/subscribe", response="utter_label_come_back")
    if await context.following.stopped():
        return say("utter_stopped_already", back)
    await context.following.stop()
    return say("utter_stopped", back, QUIET_DOOR)


def topic_name(topic: str, context: Context) -> str:
    return context.words(f"utter_theme_{THEMES[topic]}" if topic in THEMES else f"utter_topic_{topic}")


def _named(context: Context) -> tuple[str, ...]:
    themes = [e.value for e in context.meaning.entities if e.name == "theme" and e.value in THEMES]
    if (told := context.entity("tell")) in WORDS:
        themes.append(str(told))
    words = set(fold(context.text).split())
    themes += [topic for topic, known in WORDS.items() if words & set(known.split())]
    return tuple(dict.fromkeys(themes))


def _more() -> Label:
    return Label("/subscribe", response="utter_label_topics")


async def _choice(context: Context) -> Say:
    """Topics not followed yet follow at a tap; those followed are left at a tap."""
    mine = set(await context.following.topics())
    labels = []
    for topic in TOPICS:
        verb, mark = ("unsubscribe", "✓ ") if topic in mine else ("subscribe", "")
        entity = "theme" if topic in THEMES else "tell"
        labels.append(Label(f'/{verb}{{"{entity}": "{topic}"}}', title=f"{mark}{topic_name(topic, context)}"))
    return Say("utter_choose_topics", labels=(*labels, QUIET_DOOR))
