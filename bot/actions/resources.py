"""Answers about resources and the project: the best match at once, the others one tap away."""

from bot.actions.context import Context, Found, Label, Outcome, Query, ResourceText, Say, say
from bot.conversation import Searched

KINDS = {
    "find_digital_space": "digital_space",
    "find_internet_offer": "internet_offer",
    "find_equipment": "equipment",
    "find_toolkit": "toolkit",
    "find_funding": "funding",
    "find_legal_info": "law",
    "find_training": "training",
    "ask_training_details": "training",
    "ask_project": "project",
    "ask_project_partners": "project",
    "ask_project_calendar": "project",
    "ask_needs": "project",
}
TOPICS = {
    "ask_project_partners": "partenaires financement",
    "ask_project_calendar": "calendrier dates",
    "ask_needs": "cinq thèmes besoins",
    "ask_project": "objectif plaidoyer",
}
"""Words added to a question about the project, so that a bare button finds the right page of it."""
SHOWN = 3


async def search_action(context: Context) -> Outcome:
    """Search what the intent is about; `offset` in a button goes on from the last results."""
    if resource := context.entity("id"):
        return await show(context, resource)
    if (offset := context.entity("offset")) and context.conversation.search:
        return await _answer(context, Query(**{**context.conversation.search, "offset": int(offset)}))
    kind = KINDS.get(context.meaning.intent)
    found = await search(context, kind, strict=kind is None)
    return found or await _nothing(context)


async def search(context: Context, kind: str | None, *, strict: bool) -> Outcome | None:
    """The first page of what matches, or None; not `strict`: with no match, what there is of this kind."""
    words = " ".join(filter(None, (context.text, TOPICS.get(context.meaning.intent))))
    query = Query(kind, words, context.entity("region"), context.entity("place"), context.entity("theme"))
    found = await context.library.find(query, context.conversation.language, SHOWN)
    if not found.items and kind and not strict:
        query = Query(kind)
        found = await context.library.find(query, context.conversation.language, SHOWN)
    return page(context, query, found) if found.items else None


async def _answer(context: Context, query: Query) -> Outcome:
    found = await context.library.find(query, context.conversation.language, SHOWN)
    return page(context, query, found) if found.items else say("utter_no_more")


def page(context: Context, query: Query, found: Found) -> Outcome:
    """What was found, at least one, and the buttons that go on from there."""
    first, others = found.items[0], found.items[1:]
    labels = [_details(first)] if first.more else []
    labels += _to_remind(context, first)
    labels += [_details(item) for item in others]
    after = query.offset + len(found.items)
    intent = context.meaning.intent if context.meaning.intent in KINDS else "find_resource"
    if found.total > after:
        labels.append(Label(f'/{intent}{{"offset": "{after}"}}', response="utter_label_next"))
    labels.append(Label("/talk_to_human", response="utter_label_ask_coordinator"))
    kept = {name: getattr(query, name) for name in Query.__slots__ if getattr(query, name)}
    return Outcome((Searched(kept),), (_resource(first, first.short, tuple(labels)),))


def _details(item: ResourceText) -> Label:
    return Label(
        f'/find_resource{{"id": "{item.id}"}}', response="utter_label_details", values={"title": item.title}
    )


def _to_remind(context: Context, item: ResourceText) -> tuple[Label, ...]:
    """A call that will close can be reminded of."""
    if item.valid_until is None or item.valid_until <= context.now.astimezone(context.zone).date():
        return ()
    return (Label(f'/set_reminder{{"id": "{item.id}"}}', response="utter_label_remind_deadline"),)


def _resource(item: ResourceText, body: str, labels: tuple[Label, ...]) -> Say:
    link = (Label("", response="utter_label_open_link", url=item.url),) if item.url else ()
    values = {"title": item.title, "body": body, "source": item.source, "as_of": item.as_of}
    return Say("utter_resource", values, (*link, *labels))


async def show(context: Context, resource_id: str) -> Outcome:
    """One resource in full."""
    item = await context.library.get(resource_id, context.conversation.language)
    if item is None:
        return say("utter_no_more")
    human = Label("/talk_to_human", response="utter_label_ask_coordinator")
    menu = Label("/help", response="utter_intent_help")
    return Outcome(
        says=(_resource(item, item.more or item.short, (*_to_remind(context, item), human, menu)),)
    )


async def _nothing(context: Context) -> Outcome:
    kept = await context.desk.note("not_found", context.text, {"intent": context.meaning.intent})
    await context.needs.unanswered(context.text, context.meaning.intent, context.entity("region"))
    return say("utter_nothing_found" if kept else "utter_nothing_found_unkept")
