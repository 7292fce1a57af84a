"""Choosing who an announcement is for: criteria tapped one after the other, words, saved audiences, chats."""

from dataclasses import replace

from bot.actions.announcement_form import ask
from bot.actions.announcement_texts import audience_words, criterion_words, payload, reach_values
from bot.actions.context import Context, Label, Outcome, Say
from bot.actions.registration import LANGUAGES, LEGAL_FORMS, THEMES
from bot.actions.subscriptions import TOPICS
from bot.announcement import Announcement
from bot.audiences import EVERYBODY, NOBODY, Audience, Is, Trait, combined, criteria
from bot.organisation import REGIONS

VALUES: dict[str, tuple[Trait, tuple[str, ...]]] = {
    "r": (Trait.REGION, REGIONS),
    "t": (Trait.THEME, tuple(THEMES)),
    "f": (Trait.LEGAL_FORM, LEGAL_FORMS),
    "l": (Trait.LANGUAGE, tuple(LANGUAGES)),
    "s": (Trait.TOPIC, TOPICS),
}
"""Kinds of criteria by the letter a button carries, which must stay short."""
TRAININGS = {"e": Trait.ENROLLED, "w": Trait.WAITING}
SHOWN = 8


async def audience_step(context: Context, found: Announcement, rest: str) -> Outcome:
    """`all`, `osc`, a kind to choose from ("r", "-r" to leave out), a choice ("r:2"), words, save, g:3, k:1."""
    sign, kind, value = ("-" if rest.startswith("-") else "+"), *_split(rest.lstrip("-"))
    audience = found.audience
    if rest == "":
        return await _menu(context, found)
    if rest == "words":
        return ask(context, "words", found.id)
    if rest == "save":
        return ask(context, "name", found.id)
    if rest == "except":
        return _kinds(found, "-")
    if rest in ("all", "osc"):
        people = EVERYBODY if rest == "all" else Is(Trait.ORGANISATION, "any")
        return await keep_audience(context, found, replace(audience, people=people))
    if rest == "none":
        return await keep_audience(context, found, Audience())
    if kind in ("g", "k", "e", "w") or not value:
        return await _others(context, found, (sign, kind, value))
    trait, values = VALUES[kind]
    criterion = Is(trait, values[int(value)])
    return await keep_audience(context, found, _toggled(audience, criterion, sign))


def _split(rest: str) -> tuple[str, str]:
    kind, _, value = rest.partition(":")
    return kind, value


async def _menu(context: Context, found: Announcement) -> Outcome:
    chats = await _titles(context)
    reach = reach_values(await context.announcing.reach(found.audience), context)
    tells = ("all", "osc", "r", "t", "f", "l", "s", "e", "w", "g", "except", "k", "words", "save", "none")
    hidden = {"save", "none"} if found.audience.empty else set()
    labels = [
        Label(payload(found.id, f"aud:{tell}"), response=f"utter_label_aud_{tell}")
        for tell in tells
        if tell not in hidden
    ]
    if not found.audience.empty:
        labels.insert(0, Label(payload(found.id, "panel"), response="utter_label_done"))
    values = {"audience": audience_words(found.audience, context, chats), **reach}
    return Outcome(says=(Say("utter_audience_menu", values, tuple(labels)),))


async def _titles(context: Context) -> dict[int, str]:
    return {c.number: c.title for c in await context.announcing.chats() if c.number is not None}


def _kinds(found: Announcement, sign: str) -> Outcome:
    labels = tuple(
        Label(payload(found.id, f"aud:{sign}{kind}"), response=f"utter_label_aud_{kind}") for kind in VALUES
    )
    return Outcome(says=(Say("utter_audience_except_what", labels=labels),))


async def _others(context: Context, found: Announcement, said: tuple[str, str, str]) -> Outcome:
    """A list to choose from, or a choice among what has numbers: trainings, chats, saved audiences."""
    sign, kind, value = said
    audience = found.audience
    if kind == "g":
        return await _group(context, found, value)
    if kind == "k":
        kept = {str(k.number): k for k in await context.announcing.saved()}
        if value in kept:
            return await keep_audience(context, found, kept[value].audience)
        return _list(found, [(f"k:{number}", k.name) for number, k in kept.items()])
    if kind in TRAININGS:
        if value:
            return await keep_audience(context, found, _toggled(audience, Is(TRAININGS[kind], value), sign))
        known = await context.trainings.upcoming()
        language = context.conversation.language
        return _list(found, [(f"{kind}:{t.id}", t.texts(language).title) for t in known[:SHOWN]])
    if kind not in VALUES:
        return await _menu(context, found)
    trait, values = VALUES[kind]
    chosen = criteria(audience.people)[0 if sign == "+" else 1]
    back = "-" if sign == "-" else ""
    return _list(
        found,
        [
            (f"{back}{kind}:{i}", f"{'✓ ' if Is(trait, v) in chosen else ''}{_name(Is(trait, v), context)}")
            for i, v in enumerate(values)
        ],
    )


def _name(criterion: Is, context: Context) -> str:
    return criterion_words(criterion, context)


async def _group(context: Context, found: Announcement, value: str) -> Outcome:
    """A chat the bot is in; one not adopted yet is adopted by choosing it."""
    chats = await context.announcing.chats()
    if value.startswith("a") and value[1:].isdigit() and int(value[1:]) < len(chats):
        chosen = chats[int(value[1:])]
        if chosen.number is None:
            await context.announcing.adopt(chosen.address)
            chats = await context.announcing.chats()
            chosen = next(c for c in chats if c.address == chosen.address)
        value = str(chosen.number)
    if value.isdigit():
        kept = found.audience.chats
        now = tuple(n for n in kept if n != int(value)) if int(value) in kept else (*kept, int(value))
        return await keep_audience(context, found, replace(found.audience, chats=now))
    if not chats:
        return Outcome(says=(Say("utter_no_chats"), *(await _menu(context, found)).says))
    listed = [
        (
            f"g:{c.number if c.number is not None else f'a{i}'}",
            f"{'✓ ' if c.number in found.audience.chats else ''}{c.title}",
        )
        for i, c in enumerate(chats)
    ]
    return _list(found, listed)


def _list(found: Announcement, choices: list[tuple[str, str]]) -> Outcome:
    labels = [Label(payload(found.id, f"aud:{tell}"), title=title) for tell, title in choices]
    labels.append(Label(payload(found.id, "aud"), response="utter_label_aud_menu"))
    return Outcome(
        says=(Say("utter_audience_choose" if choices else "utter_audience_nothing", labels=tuple(labels)),)
    )


def _toggled(audience: Audience, criterion: Is, sign: str) -> Audience:
    wanted, unwanted = criteria(audience.people)
    if sign == "-":
        unwanted = (
            tuple(c for c in unwanted if c != criterion) if criterion in unwanted else (*unwanted, criterion)
        )
    else:
        wanted = tuple(c for c in wanted if c != criterion) if criterion in wanted else (*wanted, criterion)
        if criterion in wanted:
            unwanted = tuple(c for c in unwanted if c != criterion)
    people = combined(wanted, unwanted) if wanted or unwanted else NOBODY
    return replace(audience, people=people)


async def keep_audience(context: Context, found: Announcement, audience: Audience) -> Outcome:
    """Keep it, and show whom it reaches now."""
    after = await context.announcing.change(found.id, audience=audience)
    if after is None:
        return Outcome(says=(Say("utter_announcement_started"),))
    return await _menu(context, after)
