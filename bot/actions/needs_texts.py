"""How needs are worded: themes, urgency and places by name, a need in one line, an answer that arrives."""

from bot.actions.context import Context, Label, Say
from bot.actions.needs_port import Help
from bot.actions.training_texts import payload, shortened
from bot.need import Need, NeedGroup, Topic, Urgency

SEARCHES = {
    Topic.ORGANISATION: "find_training",
    Topic.ACCESS: "find_digital_space",
    Topic.COOPERATION: "find_osc",
    Topic.VISIBILITY: "talk_to_human",
    Topic.CALLS: "find_funding",
}
"""What may help at once, by theme."""


def topic_name(topic: Topic, context: Context) -> str:
    return context.words(f"utter_need_topic_{topic}")


def urgency_name(urgency: Urgency | None, context: Context) -> str:
    return context.words(f"utter_need_urgency_{urgency}") if urgency else "—"


def place_name(region: str | None, context: Context) -> str:
    return region or context.words("utter_need_everywhere")


def group_name(group: NeedGroup, context: Context) -> str:
    return f"{topic_name(group.topic, context)} · {place_name(group.region, context)}"


def group_label(group: NeedGroup, context: Context, tell: str = "group", **values: object) -> Label:
    """Short enough for a row of a list: the place, how many, the theme."""
    urgent = " ⚠" if group.urgent else ""
    title = (
        f"{group.count}{urgent} · {place_name(group.region, context)} · {topic_name(group.topic, context)}"
    )
    return Label(payload("ask_needs", id=group.id, tell=tell, **values), title=title)


def quotation(need: Need) -> str:
    return f"« {' '.join(need.text.split())} »"


def need_label(need: Need) -> Label:
    return Label(payload("ask_needs", id=need.id, tell="apart"), title=shortened(need.text))


def topic_labels(number: int | None, context: Context) -> tuple[Label, ...]:
    """The five themes; with a number they move that need, else they answer the form's question."""
    if number is None:
        return tuple(Label(payload("inform", tell=t), response=f"utter_need_topic_{t}") for t in Topic)
    return tuple(
        Label(payload("express_need", id=number, tell=t), response=f"utter_need_topic_{t}") for t in Topic
    )


def answer_arrived(answer: Help) -> Say:
    labels: tuple[Label, ...] = ()
    if answer.training is not None:
        button = payload("ask_training_details", id=answer.training)
        labels = (Label(button, response="utter_label_see_training"),)
    elif answer.resource is not None:
        labels = (Label(payload("find_resource", id=answer.resource), response="utter_label_see_resource"),)
    return Say("utter_need_answered", {"answer": answer.words}, labels)
