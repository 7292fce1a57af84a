"""Coordinators answer needs: by groups of like ones, joined and parted, with words, a training or a resource."""

from collections.abc import Sequence

from bot.actions import needs
from bot.actions.context import Context, Label, Outcome, Query, Say, say
from bot.actions.needs_port import Help
from bot.actions.needs_texts import group_label, group_name, need_label, place_name, quotation, topic_name
from bot.actions.training_choice import wordbook
from bot.actions.training_texts import payload, shortened
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules
from bot.need import Need, NeedGroup

LISTED = 8
OFFERED = 5

ANSWER_NEED_FORM = FormRules(checks={})


async def ask_needs(context: Context) -> Outcome:
    """`tell` opens the coordinators' part: groups, one group, and what to do with it."""
    tell = context.entity("tell") or ""
    if not tell:
        return await needs.ask_needs(context)
    if told := needs.refused(context):
        return told
    if context.in_group:
        return say("utter_private_only")
    verb, _, other = tell.partition(":")
    number = int(context.entity("id") or 0)
    if verb == "groups" or not number:
        return await _list(context)
    if verb == "apart":
        own = await context.needs.set_apart(number)
        return await _shown(context, own) if own else await _list(context)
    if verb == "join" and other.isdigit():
        await context.needs.unite(number, int(other))
        return await _shown(context, int(other))
    return await _group(context, number, verb, other)


async def _group(context: Context, number: int, verb: str, other: str) -> Outcome:
    found = await context.needs.group(number)
    if found is None:
        return await _list(context)
    group, said = found
    match verb:
        case "with":
            return await _join_with(context, group)
        case "split":
            return say("utter_needs_split", *(need_label(need) for need in said))
        case "answer":
            return _ask_words(group, other, context)
        case "training" | "resource":
            return await _offer(context, group, verb)
        case _:
            return await _shown(context, number)


async def _list(context: Context) -> Outcome:
    offset = int(context.entity("offset") or 0)
    groups = await context.needs.groups(LISTED + 1, offset)
    if not groups:
        return say("utter_needs_all_answered")
    labels = [group_label(group, context) for group in groups[:LISTED]]
    if len(groups) > LISTED:
        more = payload("ask_needs", tell="groups", offset=offset + LISTED)
        labels.append(Label(more, response="utter_label_next"))
    return say("utter_needs_waiting", *labels)


async def _shown(context: Context, number: int) -> Outcome:
    found = await context.needs.group(number)
    if found is None:
        return await _list(context)
    group, said = found
    values = {
        "topic": topic_name(group.topic, context),
        "place": place_name(group.region, context),
        "count": group.count - group.searches,
        "searches": group.searches,
        "urgent": group.urgent,
        "quotations": "\n".join(map(quotation, said)),
    }
    if group.answer is not None:
        return say("utter_need_group_answered", **values, answer=group.answer)
    return Outcome(says=(Say("utter_need_group", values, _deeds(group, said)),))


def _deeds(group: NeedGroup, said: Sequence[Need]) -> tuple[Label, ...]:
    tells = [("answer", "utter_label_need_answer"), ("training", "utter_label_need_training")]
    tells += [("resource", "utter_label_need_resource"), ("with", "utter_label_need_join")]
    if len(said) > 1:
        tells.append(("split", "utter_label_need_split"))
    deeds = [Label(payload("ask_needs", id=group.id, tell=tell), response=text) for tell, text in tells]
    return (*deeds, Label(payload("ask_needs", tell="groups"), response="utter_label_need_groups"))


async def _join_with(context: Context, group: NeedGroup) -> Outcome:
    others = [other for other in await context.needs.groups(LISTED + 1) if other.id != group.id]
    if not others:
        return say("utter_needs_alone")
    labels = [_joining(group, other, context) for other in others[:LISTED]]
    return say("utter_needs_join", *labels, group=group_name(group, context))


def _joining(group: NeedGroup, other: NeedGroup, context: Context) -> Label:
    shown = group_label(other, context)
    return Label(payload("ask_needs", id=group.id, tell=f"join:{other.id}"), title=shown.title)


async def _offer(context: Context, group: NeedGroup, kind: str) -> Outcome:
    """Trainings to come, or the resources that fit the words of the needs."""
    if kind == "training":
        words = wordbook(context)
        found = [(str(t.id), words.title(t)) for t in (await context.trainings.upcoming())[:OFFERED]]
    else:
        query = Query(words=topic_name(group.topic, context), region=group.region)
        page = await context.library.find(query, context.conversation.language, OFFERED)
        found = [(item.id, item.title) for item in page.items]
    if not found:
        return say("utter_needs_nothing_to_offer")
    labels = [
        Label(payload("ask_needs", id=group.id, tell=f"answer:{kind}={key}"), title=shortened(title))
        for key, title in found
    ]
    return say(f"utter_needs_offer_{kind}", *labels)


def _ask_words(group: NeedGroup, helping: str, context: Context) -> Outcome:
    slots = {"need_group": str(group.id), "need_help": helping or None}
    events = tuple(SlotSet(name, value) for name, value in slots.items())
    return Outcome((*events, FormStarted("answer_need_form")))


async def answer_needs(context: Context) -> Outcome:
    """The words of the answer are given: everybody who said these needs is told."""
    if told := needs.refused(context):
        return told
    now = context.conversation
    kind, _, key = now.words("need_help").partition("=")
    answer = Help(
        now.words("need_answer"),
        int(key) if kind == "training" and key.isdigit() else None,
        key if kind == "resource" else None,
    )
    reached = await context.needs.answer(int(now.words("need_group") or 0), answer)
    if reached is None:
        return say("utter_need_answered_already")
    values = {"told": reached.told, "unreachable": reached.unreachable, "stopped": reached.stopped}
    more = Label(payload("ask_needs", tell="groups"), response="utter_label_need_groups")
    return Outcome(says=(Say("utter_need_answer_sent", values, (more,)),))
