"""What coordinators do with announcements: draft, preview, send, approve, undo, stop, correct, take back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.actions.announcement_audience import audience_step
from bot.actions.announcement_form import ask
from bot.actions.announcement_port import COORDINATORS, Decided, Decision
from bot.actions.announcement_texts import (
    announcement_say,
    card,
    final_say,
    mailing_words,
    payload,
    problem_say,
    reach_values,
    when_words,
    wordbook,
)
from bot.actions.calls import publishing_door
from bot.actions.context import Context, Label, Outcome, Say
from bot.announcement import EDITABLE, STARTED, Announcement, Body, Repeat, State, printed, problems
from bot.conversation import Event, FormEnded, FormStarted, SlotSet
from bot.messages import PICTURES, Media

FORM = "announcement_form"
LONGEST_CAPTION = 1024
"""Characters under a picture (Bot API, editMessageMedia): a longer text stands apart and keeps its picture."""
LANGUAGES = ("fr", "so", "aa")
FILES = {"photo": ("image.jpg", "image/jpeg")}

Step = Callable[[Context, Announcement, str], Awaitable[Outcome]]


async def create_announcement(context: Context) -> Outcome:
    """Words begin a new one, or adopt the group they are said in; a button does one thing with one of them."""
    if context.person.role not in COORDINATORS:
        # "Publier un appel" from a partner is understood as this: what they may do is offered.
        return Outcome(says=(Say("utter_coordinators_only"), *publishing_door(context)), stops=True)
    done = await _create(context)
    if context.conversation.active_form != FORM:
        return replace(done, stops=True)
    leaves: tuple[Event, ...] = (FormEnded(("announcement_answer",)),)
    return Outcome((*leaves, *done.events), done.says, stops=True)


async def _create(context: Context) -> Outcome:
    if context.in_group:
        return await _adopt(context)
    tell, number = context.entity("tell") or "", context.entity("id") or ""
    if tell == "forward":
        return await _from_forwarded(context)
    if tell == "again" and context.conversation.active_form == FORM:
        kind, _, _ = context.conversation.words("announcement_asked").partition("@")
        asked_again = ask(context, kind or f"text:{context.conversation.language}", 0)
        return replace(asked_again, says=(Say("utter_announcement_text_first"),))
    if not number.isdigit() and FORM in context.conversation.waiting:
        return Outcome((FormStarted(FORM),))
    if not number.isdigit():
        return ask(context, f"text:{context.conversation.language}", 0)
    found = await context.announcing.get(int(number))
    if found is None:
        return Outcome(says=(Say("utter_announcement_unknown"),))
    kind, _, rest = tell.partition(":")
    return await STEPS.get(kind, _panel_step)(context, found, rest)


async def _adopt(context: Context) -> Outcome:
    """Said in a group or a topic: once a coordinator taps the button there, announcements may go there."""
    match context.entity("tell"):
        case "adopt":
            adopted = await context.announcing.adopt(context.address)
            return Outcome(says=(Say("utter_chat_adopted" if adopted else "utter_chat_adopted_already"),))
        case "release":
            for chat in await context.announcing.chats():
                if chat.address == context.address and chat.number is not None:
                    await context.announcing.release(chat.number)
            return Outcome(says=(Say("utter_chat_released"),))
    adopted = any(
        c.address == context.address and c.number is not None for c in await context.announcing.chats()
    )
    if adopted:
        label = Label('/create_announcement{"tell": "release"}', response="utter_label_release")
        return Outcome(says=(Say("utter_chat_adopted_already", labels=(label,)),))
    label = Label('/create_announcement{"tell": "adopt"}', response="utter_label_adopt")
    return Outcome(says=(Say("utter_chat_adopt", labels=(label,)),))


async def _from_forwarded(context: Context) -> Outcome:
    """A message passed on to the bot, or a picture or document sent to it, becomes a draft."""
    body = Body({context.conversation.language: context.text} if context.text else {})
    if context.media is not None:
        kept = await _file(context, context.media)
        if kept is None:
            return Outcome(says=(Say("utter_file_unusable"),))
        body = replace(body, attachment=kept.attachment)
    return await panel(context, await context.announcing.draft(body, context.conversation.language))


async def _file(context: Context, media: Media) -> Body | None:
    name, kind = FILES.get(
        media.media, (media.name or "document", media.media_type or "application/octet-stream")
    )
    if media.file_id is None or media.media not in ("photo", "document"):
        return None
    if media.media == "document" and kind in PICTURES:
        kind = "application/octet-stream"
    return Body(attachment=await context.announcing.keep_file(name, kind, media.file_id))


async def panel(context: Context, found: Announcement) -> Outcome:
    """Where it stands, and all that can be done with it."""
    chats = {c.number: c.title for c in await context.announcing.chats() if c.number is not None}
    return Outcome(says=(Say("utter_announcement_card", card(found, context, chats), _deeds(found)),))


def _deeds(found: Announcement) -> tuple[Label, ...]:
    deeds: dict[State, tuple[str, ...]] = {
        State.DRAFT: ("audience", "texts", "when", "buttons", "file", "preview", "drop"),
        State.PROPOSED: ("stop",),
        State.SCHEDULED: ("stop", "pause", "edit"),
        State.PAUSED: ("resume", "edit", "stop"),
        State.STARTING: ("stop",),
        State.SENDING: ("stop",),
        State.DONE: ("fix", "back"),
    }
    return tuple(_label(found.id, tell) for tell in deeds.get(found.state, ()))


TELLS = {"audience": "aud", "drop": "stop"}


def _label(number: int, name: str) -> Label:
    return Label(payload(number, TELLS.get(name, name)), response=f"utter_label_ann_{name}")


async def _panel_step(context: Context, found: Announcement, _: str) -> Outcome:
    return await panel(context, found)


async def _texts(context: Context, found: Announcement, _: str) -> Outcome:
    labels = tuple(
        Label(payload(found.id, f"text:{code}"), response=f"utter_label_text_{code}") for code in LANGUAGES
    )
    return Outcome(says=(Say("utter_which_text", labels=labels),))


async def _text(context: Context, found: Announcement, language: str) -> Outcome:
    return ask(context, f"text:{language if language in LANGUAGES else 'fr'}", found.id)


async def _in_french(context: Context, found: Announcement, language: str) -> Outcome:
    """Said expressly: these readers get the French text."""
    marked = tuple(dict.fromkeys((*found.body.in_french, language)))
    after = await context.announcing.change(found.id, body=replace(found.body, in_french=marked))
    return await _preview(context, after, "") if after else await panel(context, found)


async def _when(context: Context, found: Announcement, _: str) -> Outcome:
    return ask(context, "when", found.id)


async def _now(context: Context, found: Announcement, _: str) -> Outcome:
    timing = replace(found.timing, at=None)
    return await _changed(context, found, await context.announcing.change(found.id, timing=timing))


async def _every(context: Context, found: Announcement, often: str) -> Outcome:
    """Every day, week or month, from its first time on; `once` again."""
    every = Repeat(often) if often in list(Repeat) else None
    timing = replace(found.timing, every=every, until=found.timing.until if every else None)
    after = await context.announcing.change(found.id, timing=timing)
    if every and after:
        return ask(context, "until", found.id)
    return await _changed(context, found, after)


async def _buttons(context: Context, found: Announcement, which: str) -> Outcome:
    body = found.body
    match which:
        case "link":
            return ask(context, "link", found.id)
        case "join":
            body = replace(body, joins=not body.joins)
        case "lang":
            body = replace(body, offers_language=not body.offers_language)
        case "nolink":
            body = replace(body, link=None)
        case _:
            names = ("link", "join", "lang", *(("nolink",) if body.link else ()))
            labels = tuple(
                Label(payload(found.id, f"buttons:{n}"), response=f"utter_label_button_{n}") for n in names
            )
            return Outcome(says=(Say("utter_which_buttons", labels=labels),))
    return await applied(context, found, body)


async def _file_step(context: Context, found: Announcement, which: str) -> Outcome:
    if which == "none" and found.state in STARTED:
        return Outcome(says=(Say("utter_file_stays", labels=(_label(found.id, "back"),)),))
    if which == "none":
        return await applied(context, found, replace(found.body, attachment=None))
    if context.media is None:
        return ask(context, "file", found.id)
    kept = await _file(context, context.media)
    if kept is None:
        return Outcome(says=(Say("utter_file_unusable"),))
    texts = dict(found.body.texts)
    if context.text and not texts:
        texts["fr"] = context.text
    return await applied(context, found, replace(found.body, attachment=kept.attachment, texts=texts))


async def applied(context: Context, found: Announcement, body: Body) -> Outcome:
    """A draft says this from now on; what has left is changed where it is shown, as far as platforms can."""
    if found.state not in STARTED:
        return await _changed(context, found, await context.announcing.change(found.id, body=body))
    if body.attachment is not None and body.attachment != found.body.attachment:
        longest = max((len(printed(text, found.code)) for text in body.texts.values()), default=0)
        if longest > LONGEST_CAPTION:
            return Outcome(says=(Say("utter_file_needs_short_text", {"limit": LONGEST_CAPTION}),))
    changed = await context.announcing.correct(found.id, body)
    if changed is None:
        return Outcome(says=(Say("utter_decided_over"),))
    again = "whatsapp" in (await context.announcing.reach(found.audience)).by_channel()
    note = (Say("utter_whatsapp_sent_again"),) if again else ()
    return Outcome(says=(Say("utter_announcement_corrected", {"count": changed}), *note))


async def _changed(context: Context, found: Announcement, after: Announcement | None) -> Outcome:
    if after is None:
        return Outcome(says=(Say("utter_announcement_started"), *(await panel(context, found)).says))
    return await panel(context, after)


async def _preview(context: Context, found: Announcement, _: str) -> Outcome:
    """Each message exactly as it will look, who gets it, and what stands in the way."""
    reach = await context.announcing.reach(found.audience)
    shown = reach.languages if found.body.texts else reach.languages[:1]
    says: list[Say] = []
    for code in shown or ("fr",):
        if found.body.texts or found.body.attachment:
            says.append(replace(announcement_say(found, code), language=code))
    obstacles = problems(found.body, found.audience, found.timing, reach, context.now)
    if obstacles:
        return Outcome(says=(*says, *(problem_say(p, found.id, context) for p in obstacles)))
    labels = (
        Label(payload(found.id, f"go:{found.revision}"), response="utter_label_ann_go"),
        _label(found.id, "edit"),
    )
    summary = await _summary(context, found)
    return Outcome(says=(*says, Say("utter_announcement_summary", summary, labels)))


async def _summary(context: Context, found: Announcement) -> dict[str, object]:
    reach = await context.announcing.reach(found.audience)
    words = wordbook(context)
    mailing = await context.announcing.mailing(reach)
    return reach_values(reach, context) | {
        "when": when_words(found, context, words),
        "quiet": await _quiet_note(context, found),
        "whatsapp": mailing_words(mailing, context) if mailing else "",
    }


async def _quiet_note(context: Context, found: Announcement) -> str:
    """When its messages leave instead, if its time is one at which people are not disturbed."""
    at = found.due_at or found.timing.at or context.now
    until = await context.announcing.quiet_until(at)
    hour = wordbook(context).moment(until) if until else ""
    return context.words("utter_quiet_note").format(hour=hour) if until else ""


async def _edit(context: Context, found: Announcement, _: str) -> Outcome:
    """Back to a draft: whatever was approved must be approved again."""
    after = await context.announcing.change(found.id, body=found.body) if found.state in EDITABLE else None
    return await _changed(context, found, after)


async def _go(context: Context, found: Announcement, revision: str) -> Outcome:
    decision = await context.announcing.confirm(found.id, int(revision or 0))
    if decision.result is not Decided.PROPOSED or decision.announcement is None:
        return await _decided(context, decision)
    proposed = decision.announcement
    yes = Label(payload(found.id, f"yes:{proposed.revision}"), response="utter_label_ann_yes")
    no = Label(payload(found.id, "no"), response="utter_label_ann_no")
    reach = await context.announcing.reach(proposed.audience)
    asked: list[Say] = []
    for address, language in await context.announcing.colleagues():
        theirs = context.conversation.apply(SlotSet("language", language))
        summary = await _summary(replace(context, conversation=theirs), proposed)
        asked += [
            replace(announcement_say(proposed, code), to=address, language=code) for code in reach.languages
        ]
        asked.append(Say("utter_approval_asked", summary, (yes, no), to=address, language=language))
    mine = Say("utter_announcement_proposed", labels=(_label(found.id, "stop"),))
    return Outcome(says=(mine, *asked))


async def _yes(context: Context, found: Announcement, revision: str) -> Outcome:
    decision = await context.announcing.approve(found.id, int(revision or 0))
    outcome = await _decided(context, decision)
    if decision.result is Decided.ON_ITS_WAY and decision.announcement is not None:
        theirs = replace(
            context, conversation=context.conversation.apply(SlotSet("language", found.report_language))
        )
        told = Say(
            "utter_announcement_approved",
            {"when": when_words(decision.announcement, theirs, wordbook(theirs))},
            (_label(found.id, "stop"),),
            to=found.report_to,
            language=found.report_language,
        )
        return Outcome(outcome.events, (*outcome.says, told))
    return outcome


async def _no(context: Context, found: Announcement, _: str) -> Outcome:
    if await context.announcing.refuse(found.id) is None:
        return Outcome(says=(Say("utter_decided_over"),))
    labels = (_label(found.id, "edit"),)
    told = Say(
        "utter_announcement_refused", labels=labels, to=found.report_to, language=found.report_language
    )
    return Outcome(says=(Say("utter_ok"), told))


async def _decided(context: Context, decision: Decision) -> Outcome:
    found = decision.announcement
    if decision.result is Decided.ON_ITS_WAY and found is not None:
        quiet = await _quiet_note(context, found)
        values = {"when": when_words(found, context, wordbook(context)), "quiet": quiet}
        return Outcome(says=(Say("utter_announcement_on_its_way", values, (_label(found.id, "stop"),)),))
    says = (Say(f"utter_decided_{decision.result}"),)
    if decision.result in (Decided.CHANGED, Decided.ORPHAN) and found is not None:
        return Outcome(says=(*says, *(await panel(context, found)).says))
    return Outcome(says=says)


async def _stop(context: Context, found: Announcement, _: str) -> Outcome:
    if await context.announcing.cancel(found.id) is None:
        return Outcome(says=(Say("utter_decided_over"),))
    report = await context.announcing.report(found.id) if found.started_at else None
    shown = (final_say(report.announcement, report.counts, report.joined, context.words),) if report else ()
    return Outcome(says=(Say("utter_announcement_stopped"), *shown))


async def _pause(context: Context, found: Announcement, _: str) -> Outcome:
    after = await context.announcing.pause(found.id)
    return await panel(context, after) if after else Outcome(says=(Say("utter_decided_over"),))


async def _resume(context: Context, found: Announcement, _: str) -> Outcome:
    after = await context.announcing.resume(found.id)
    return await panel(context, after) if after else Outcome(says=(Say("utter_decided_over"),))


async def _fix(context: Context, found: Announcement, language: str) -> Outcome:
    if found.state not in STARTED:
        return await panel(context, found)
    if language in LANGUAGES:
        return ask(context, f"fix:{language}", found.id)
    labels = tuple(
        Label(payload(found.id, f"fix:{code}"), response=f"utter_label_text_{code}")
        for code in found.body.texts
    )
    return Outcome(
        says=(Say("utter_fix_what", labels=(*labels, _label(found.id, "buttons"), _label(found.id, "file"))),)
    )


async def _back(context: Context, found: Announcement, sure: str) -> Outcome:
    if sure != "sure":
        label = Label(payload(found.id, "back:sure"), response="utter_label_ann_back")
        return Outcome(says=(Say("utter_announcement_withdraw_confirm", labels=(label,)),))
    taken = await context.announcing.withdraw(found.id)
    if taken is None:
        return Outcome(says=(Say("utter_decided_over"),))
    return Outcome(says=(Say("utter_announcement_withdrawn", {"count": taken}),))


STEPS: dict[str, Step] = {
    "aud": audience_step,
    "texts": _texts,
    "text": _text,
    "fr": _in_french,
    "when": _when,
    "now": _now,
    "every": _every,
    "buttons": _buttons,
    "file": _file_step,
    "preview": _preview,
    "edit": _edit,
    "go": _go,
    "yes": _yes,
    "no": _no,
    "stop": _stop,
    "pause": _pause,
    "resume": _resume,
    "fix": _fix,
    "back": _back,
}
