"""Key figures in chat for coordinators and partners: numbers, a picture, the synthesis as files."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.needs_texts import topic_name
from bot.actions.training_texts import payload

SEERS = frozenset({"partner", "coordinator", "admin"})


async def show_statistics(context: Context) -> Outcome:
    """`tell` synthesis sends the report; else the figures, with a picture of what there is most to see of."""
    if context.person.role not in SEERS:
        return say("utter_partners_only")
    if context.in_group:
        return say("utter_private_only")
    if context.entity("tell") == "synthesis":
        files = await context.statistics.synthesis()
        says = [Say("utter_synthesis", attachment=files[0]), Say("utter_synthesis_page", attachment=files[1])]
        return Outcome(says=tuple(says))
    figures = await context.statistics.key()
    names = (
        "organisations",
        "verified",
        "projects",
        "people",
        "needs",
        "answered",
        "trainings",
        "places",
        "coming",
    )
    values = {name: getattr(figures, name) for name in names}
    labels = (
        Label(payload("show_statistics", tell="synthesis"), response="utter_label_synthesis"),
        Label("/ask_needs", response="utter_intent_ask_needs"),
    )
    told = Say("utter_statistics", values, labels)
    return Outcome(says=(*await _pictures(context), told))


async def _pictures(context: Context) -> list[Say]:
    figures = await context.statistics.key()
    shown = {
        "utter_chart_regions": list(figures.regions),
        "utter_chart_needs": [(topic_name(topic, context), count) for topic, count in figures.topics],
    }
    return [
        Say(response, attachment=await context.statistics.picture(context.words(response), values))
        for response, values in shown.items()
        if values
    ]
