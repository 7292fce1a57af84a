"""Looking for organisations and projects of others: five at a time, a profile in full, or told later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.finding_port import OscPage, ProjectPage
from bot.actions.finding_texts import (
    named,
    osc_card,
    osc_line,
    project_card,
    project_line,
    see_osc,
    see_project,
    understood_words,
    without,
)
from bot.actions.letters import LETTER_STEPS
from bot.actions.training_texts import payload
from bot.conversation import Searched
from bot.directory_index import KINDS, Sought, Understood
from bot.duplicates import KINDS as KINDS_SAID
from bot.search_words import fold

SHOWN = 5
WHO = frozenset({"qui", "ki", "yaa", "iyyi", "iyya"})
"""Asks for somebody, in French (also as chats spell it), Somali and Afar."""
WHO_WITHIN = 3
MENU = Label("/help", response="utter_intent_help")
HUMAN = Label("/talk_to_human", response="utter_label_ask_coordinator")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What differs between looking for organisations and for projects."""

    name: str
    intent: str


OSC, PROJECT = _Kind("osc", "find_osc"), _Kind("project", "find_project")


async def find_osc(context: Context) -> Outcome:
    """`id` shows one; `tell` writes to one ("write:12"), widens ("wide:region") or waits ("later")."""
    step, _, rest = (context.entity("tell") or "").partition(":")
    if step == "take":
        return await _take_away(context, rest)
    if step in LETTER_STEPS and rest.isdecimal():
        return await LETTER_STEPS[step](context, int(rest))
    if number := context.entity("id"):
        return await _show_osc(context, number)
    if named := list(dict.fromkeys(e.value for e in context.meaning.entities if e.name == "organisation")):
        return await _show_named(context, named)
    return await _find(context, OSC)


async def _show_named(context: Context, numbers: Sequence[str]) -> Outcome:
    """The organisation whose name was understood in the message, or a choice where several bear it."""
    bearers = [found for number in numbers if (found := await context.finding.organisation(int(number)))]
    if len(bearers) < 2:
        return await _show_osc(context, str(bearers[0].id) if bearers else numbers[0])
    values = {
        "understood": f"« {next(e.text for e in context.meaning.entities if e.name == 'organisation')} »",
        "total": len(bearers),
        "items": "\n".join(osc_line(context, n, osc, can=False) for n, osc in enumerate(bearers, 1)),
    }
    return say("utter_osc_results", *(see_osc(osc) for osc in bearers), **values)


async def find_project(context: Context) -> Outcome:
    if number := context.entity("id"):
        return await _show_project(context, number)
    return await _find(context, PROJECT)


async def _find(context: Context, kind: _Kind) -> Outcome:
    step, _, part = (context.entity("tell") or "").partition(":")
    before = _remembered(context, kind)
    if step == "later" and before is not None:
        return await _tell_later(context, kind, before)
    if step == "wide" and before is not None:
        return await _page(context, kind, Sought(**without(before, part)), 0)
    if before is not None and (offset := context.entity("offset")) and offset.isdecimal():
        return await _page(context, kind, before, int(offset))
    sought = _sought(context)
    if sought == Sought() and context.entity("tell") != "list":
        return await _hint(context, kind)
    return await _page(context, kind, sought, 0)


def _sought(context: Context) -> Sought:
    """Entities the model found; the search reads the words itself for what it missed."""
    said = {name: value for name in KINDS if name != "form" and (value := context.entity(name))}
    return Sought(_in_known_spellings(context), **said)


def _in_known_spellings(context: Context) -> str:
    """The words with each place as the directory writes it: Tagorril is Tadjourah."""
    text = context.text
    for entity in sorted(context.meaning.entities, key=lambda e: e.start, reverse=True):
        if entity.name in ("region", "place") and text[entity.start : entity.end] == entity.text != "":
            text = f"{text[: entity.start]}{entity.value}{text[entity.end :]}"
    return text


def _remembered(context: Context, kind: _Kind) -> Sought | None:
    kept: Mapping[str, Any] = context.conversation.search or {}
    if kept.get("kind") != kind.name:
        return None
    return Sought(**{name: kept[name] for name in Sought.__slots__ if kept.get(name)})


async def _hint(context: Context, kind: _Kind) -> Outcome:
    """Nothing was asked for yet: how many there are, and how to ask."""
    total = (await _search(context, kind, Sought(), 0)).total
    labels = [Label(payload(kind.intent, tell="list"), response="utter_understood_all")] if total else []
    if total and kind is OSC:
        labels.append(Label(payload("find_osc", tell="take:html"), response="utter_label_take_page"))
        if context.person.role in COORDINATORS:
            labels.append(Label(payload("find_osc", tell="take:xlsx"), response="utter_label_take_table"))
    return say(f"utter_{kind.name}_hint", *labels, MENU, total=total)


async def _take_away(context: Context, form: str) -> Outcome:
    """The offline page for anybody; the table with every contact for coordinators, never before a group."""
    table = form == "xlsx"
    if table and (context.in_group or context.person.role not in COORDINATORS):
        return say("utter_coordinators_only")
    file = await context.finding.take_away("xlsx" if table else "html", all_contacts=table)
    return Outcome(says=(Say("utter_taken_table" if table else "utter_taken_page", attachment=file),))


async def _search(context: Context, kind: _Kind, sought: Sought, offset: int) -> OscPage | ProjectPage:
    if kind is OSC:
        return await context.finding.organisations(sought, offset, SHOWN)
    return await context.finding.projects(sought, offset, SHOWN)


async def _page(context: Context, kind: _Kind, sought: Sought, offset: int) -> Outcome:
    return await _shown(context, kind, await _search(context, kind, sought, offset), offset)


async def again(context: Context, kind: str, named: Mapping[str, str]) -> Outcome | None:
    """The last search of this kind for another place or theme; None when there was none."""
    wanted = OSC if kind == OSC.name else PROJECT
    before = _remembered(context, wanted)
    if before is None:
        return None
    place = {"region": None, "place": None} if {"region", "place"} & set(named) else {}
    return await _page(context, wanted, replace(before, words="", **{**place, **named}), 0)


async def said_of_osc(context: Context, *, who: bool = False) -> Outcome | None:
    """What was typed is the name of an organisation, or asks for some without a verb ("egla Tagorri").

    `who`: also a question for whoever does something somewhere ("qui peut former à Obock ?").
    """
    named = await context.finding.named(context.text)
    if named.total:
        return await _shown(context, OSC, named, 0)
    words = fold(context.text).split()
    asks_who = who and bool(WHO & set(words[:WHO_WITHIN]))
    if not asks_who and not KINDS_SAID & set(words):
        return None
    page = await context.finding.organisations(_sought(context), 0, SHOWN)
    demands = page.understood.sought.demands
    asks = demands if asks_who else demands or page.understood.words
    return await _shown(context, OSC, page, 0) if page.total and asks else None


async def _shown(context: Context, kind: _Kind, page: OscPage | ProjectPage, offset: int) -> Outcome:
    understood = page.understood
    events = (Searched({"kind": kind.name, **_kept(understood)}),)
    if not page.total:
        await context.desk.note("not_found", context.text, {"intent": kind.intent, **_kept(understood)})
        return Outcome(events, (_nothing(context, kind, understood),))
    if not page.items:
        return say("utter_no_more")
    if page.total == 1 and offset == 0:
        shown = await _one(context, page)
        return Outcome(events, shown.says)
    first = offset + 1
    if isinstance(page, OscPage):
        can = bool(understood.words)
        lines = [osc_line(context, n, osc, can=can) for n, osc in enumerate(page.items, first)]
        labels = [see_osc(osc) for osc in page.items]
    else:
        lines = [project_line(context, n, project) for n, project in enumerate(page.items, first)]
        labels = [see_project(project) for project in page.items]
    if page.total > offset + len(page.items):
        after = offset + len(page.items)
        labels.append(Label(payload(kind.intent, offset=after), response="utter_label_next"))
    values = {
        "understood": understood_words(context, understood),
        "total": page.total,
        "items": "\n".join(lines),
    }
    return Outcome(events, (Say(f"utter_{kind.name}_results", values, tuple(labels)),))


def _kept(understood: Understood) -> dict[str, str]:
    """What is remembered of a search: its words without those that named a demand."""
    sought = understood.sought
    return {
        **{k: v for k, v in sought.demands.items() if v},
        **({"words": " ".join(understood.words)} if understood.words else {}),
    }


async def _one(context: Context, page: OscPage | ProjectPage) -> Outcome:
    """The only one that fits a name is shown at once."""
    number = str(page.items[0].id)
    return await (_show_osc if isinstance(page, OscPage) else _show_project)(context, number)


def _nothing(context: Context, kind: _Kind, understood: Understood) -> Say:
    """What was understood, one button for each demand that may be lifted, and the offer to be told."""
    parts = named(context.domain, context.conversation.language, understood)
    wider = [
        Label(
            payload(kind.intent, tell=f"wide:{part}"),
            response="utter_label_without",
            values={"value": text.strip("« »")},
        )
        for part, text in parts.items()
        if len(parts) > 1
    ]
    later = Label(payload(kind.intent, tell="later"), response="utter_label_tell_me")
    values = {"understood": understood_words(context, understood)}
    return Say(f"utter_{kind.name}_none", values, (*wider, later, HUMAN))


async def _tell_later(context: Context, kind: _Kind, sought: Sought) -> Outcome:
    new = await context.finding.watch(kind.name, sought)
    understood = Understood(sought, tuple(sought.words.split()))
    response = "utter_watch_kept" if new else "utter_watch_known"
    return say(response, MENU, understood=understood_words(context, understood))


async def _show_osc(context: Context, number: str) -> Outcome:
    found = await context.finding.organisation(int(number)) if number.isdecimal() else None
    if found is None:
        return say("utter_osc_gone", Label("/find_osc", response="utter_intent_find_osc"))
    labels = []
    if found.listens and not context.in_group:
        labels.append(Label(payload("find_osc", tell=f"write:{found.id}"), response="utter_label_write_osc"))
    labels += [Label(payload("find_project", id=p.id), title=p.title) for p in found.projects]
    if found.contact is None and not found.listens:
        labels.append(HUMAN)
    return say("utter_found_osc", *labels, MENU, card=osc_card(context, found))


async def _show_project(context: Context, number: str) -> Outcome:
    found = await context.finding.project(int(number)) if number.isdecimal() else None
    if found is None:
        return say("utter_project_gone", Label("/find_project", response="utter_intent_find_project"))
    owner = Label(payload("find_osc", id=found.organisation_id), title=found.organisation)
    return say("utter_found_osc", owner, MENU, card=project_card(context, found))
