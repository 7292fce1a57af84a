"""What anybody learns of an announcement by its number, and what its coordinator learns of its delivery."""

from bot.actions.announcement_port import COORDINATORS, Origin
from bot.actions.announcement_texts import announcement_say, final_say, live_say, report_payload, wordbook
from bot.actions.announcements import panel
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.conversation import GREETED
from bot.announcement import LANGUAGES, Announcement, State, is_code, shown_code
from bot.conversation import Noticed, SlotSet


async def delivery_report(context: Context) -> Outcome:
    """Taking part and checking a number are everybody's; the rest is the coordinators'."""
    tell, number = context.entity("tell") or "", context.entity("id") or ""
    if tell == "join":
        return await _join(context, number)
    if tell == "check":
        return await _check(context, number)
    if tell.startswith("read"):
        return await _read(context, number, tell.partition(":")[2])
    if context.person.role not in COORDINATORS:
        return say("utter_coordinators_only")
    if not number.isdigit():
        return await _list(context)
    match tell:
        case "csv":
            file = await context.announcing.missed(int(number))
            return Outcome(says=(Say("utter_report_csv", attachment=file),))
        case "png":
            picture = await context.announcing.picture(int(number))
            if picture is None:
                return say("utter_report_nothing_yet")
            return Outcome(says=(Say("utter_report_picture", attachment=picture),))
        case "again":
            again = await context.announcing.resend(int(number))
            return await panel(context, again) if again else say("utter_decided_over")
        case _:
            return await _one(context, int(number))


async def _list(context: Context) -> Outcome:
    latest = await context.announcing.latest()
    labels = [
        Label(
            report_payload(a.id, "show"),
            title=" · ".join(
                (shown_code(a.code), context.words(f"utter_announcement_state_{a.state}"), a.body.text("fr"))
            ),
        )
        for a in latest
    ]
    labels.append(Label("/create_announcement", response="utter_label_ann_new"))
    return Outcome(
        says=(
            Say(
                "utter_announcements_listed" if latest else "utter_no_announcement_yet", labels=tuple(labels)
            ),
        )
    )


async def _one(context: Context, number: int) -> Outcome:
    report = await context.announcing.report(number)
    if report is None:
        return say("utter_announcement_unknown")
    found = report.announcement
    if found.state is State.DONE or (found.state is State.CANCELLED and found.started_at):
        return Outcome(says=(final_say(found, report.counts, report.joined, context.words),))
    if found.state in (State.SENDING, State.STARTING):
        return Outcome(says=(live_say(found, report.counts),))
    return await panel(context, found)


async def _join(context: Context, number: str) -> Outcome:
    """In a group nothing is said: everybody's tap would be a message to all."""
    joined = await context.announcing.join(int(number)) if number.isdigit() else None
    if context.in_group:
        return Outcome()
    if joined is None:
        return say("utter_announcement_unknown")
    return say("utter_joined" if joined else "utter_joined_already")


async def _read(context: Context, number: str, language: str) -> Outcome:
    """The whole of what was told in few words; the button tapped says in which language, from now on."""
    code = language if language in LANGUAGES else context.conversation.language
    await context.registry.set_language(code)
    events = (SlotSet("language", code), Noticed(GREETED))
    held = await context.announcing.held(int(number)) if number.isdigit() else None
    if held is None:
        return Outcome(events, (Say("utter_message_gone"), Say("utter_menu")))
    if isinstance(held, Announcement):
        return Outcome(events, (announcement_say(held, code),))
    labels = tuple(
        Label(b.payload or "", title=b.title, url=b.url) for b in held.buttons if not b.asks_contact
    )
    return Outcome(
        events, (Say("utter_held_message", {"text": held.text}, labels, attachment=held.attachment),)
    )


async def _check(context: Context, code: str) -> Outcome:
    origin = await context.announcing.origin(code) if is_code(code) else None
    shown = {"code": shown_code(code)}
    if origin is None:
        return Outcome(says=(Say("utter_code_unknown", shown),))
    values = shown | {"when": wordbook(context).moment(origin.left_at)} if origin.left_at else shown
    return Outcome(says=(Say("utter_code_authentic", values | _author(origin, context)),))


def _author(origin: Origin, context: Context) -> dict[str, str]:
    role = context.words(f"utter_role_{origin.role}")
    return {"by": f"{role} ({origin.name})" if origin.name else role}
