"""What a message wants that only names something: a place, a theme, a day, a training or an organisation."""

from datetime import timedelta

from bot.actions import finding, resources, trainings
from bot.actions.context import Context, Label, Outcome, Query, Say, say
from bot.actions.training_texts import payload
from bot.search_words import fold

STILL_ABOUT = timedelta(minutes=10)
"""How long "Obock" alone goes on with what was asked last: "and in Obock?"."""
PLACED = ("find_osc", "find_training", "find_digital_space", "find_internet_offer")
THEMED = ("find_osc", "find_training", "find_project", "find_resource")
NARROWING = ("region", "place", "theme")


async def bare(context: Context) -> Outcome | None:
    """The thing itself, the last question about it, or what there may be; None when nothing of this is named.

    A day in an Afar month nobody can read is asked for in figures.
    """
    if context.entity("training"):
        return await trainings.training_details(context)
    if context.entity("organisation"):
        return await finding.find_osc(context)
    if (organisations := await finding.said_of_osc(context)) is not None:
        return organisations
    named = {name: value for name in NARROWING if (value := context.entity(name))}
    if named:
        return await _again(context, named) or _offered(context, named)
    if context.entity("date") or context.entity("period"):
        return await trainings.find_training(context)
    if (vague := context.entity("ambiguous_date")) is not None:
        return say("utter_vague_date", text=vague)
    return None


async def _again(context: Context, named: dict[str, str]) -> Outcome | None:
    """The last search once more, for this place or theme, while it is fresh."""
    now, kept = context.conversation, context.conversation.search
    if not kept or now.last_seen is None or context.now - now.last_seen > STILL_ABOUT:
        return None
    kind = str(kept.get("kind") or "")
    if kind == "training":
        return await trainings.find_training(context)
    if kind in ("osc", "project"):
        return await finding.again(context, kind, named)
    if not kind:
        return None
    query = Query(kind, "", named.get("region"), named.get("place"), named.get("theme"))
    found = await context.library.find(query, context.conversation.language, resources.SHOWN)
    return resources.page(context, query, found) if found.items else None


def _offered(context: Context, named: dict[str, str]) -> Outcome:
    """A button for each kind of thing that has a place or a theme."""
    intents = THEMED if set(named) == {"theme"} else PLACED
    labels = tuple(Label(payload(intent, **named), response=f"utter_intent_{intent}") for intent in intents)
    return Outcome(says=(Say("utter_named", {"named": _called(context, named)}, labels),))


def _called(context: Context, named: dict[str, str]) -> str:
    theme = named.get("theme")
    title = context.words(f"utter_theme_{fold(theme).replace(' ', '_')}") if theme else None
    return " · ".join(filter(None, (title, named.get("place"), named.get("region"))))
