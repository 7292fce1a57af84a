"""What an answer of the announcements' form changes."""

from dataclasses import replace

from bot.actions.announcement_audience import keep_audience
from bot.actions.announcement_form import asked, link_of, moment_of, read_words
from bot.actions.announcement_port import COORDINATORS
from bot.actions.announcements import applied, panel
from bot.actions.context import Context, Outcome, Say, say
from bot.announcement import STARTED, Announcement, Body
from bot.audiences import Expression


async def keep_announcement(context: Context) -> Outcome:
    """Keep the answer where it belongs; the draft itself lies in memory, not in the form."""
    if context.person.role not in COORDINATORS:
        return say("utter_coordinators_only")
    kind, detail, number = asked(context)
    answer = context.conversation.words("announcement_answer")
    if number == 0:
        drafted = await context.announcing.draft(
            Body({detail or "fr": answer}), context.conversation.language
        )
        return await panel(context, drafted)
    found = await context.announcing.get(number)
    if found is None:
        return say("utter_announcement_unknown")
    if kind == "words":
        people: Expression | None = read_words(context)
        assert people is not None
        return await keep_audience(context, found, replace(found.audience, people=people))
    if kind == "name":
        await context.announcing.save(answer, found.audience)
        return Outcome(
            says=(Say("utter_audience_saved", {"name": answer}), *(await panel(context, found)).says)
        )
    return await _kept(context, found, kind, (detail, answer))


async def _kept(context: Context, found: Announcement, kind: str, given: tuple[str, str]) -> Outcome:
    language, answer = given
    body, timing = found.body, found.timing
    match kind:
        case "text" | "fix":
            body = replace(
                body,
                texts={**body.texts, language: answer},
                in_french=tuple(code for code in body.in_french if code != language),
            )
        case "link":
            body = replace(body, link=link_of(answer))
        case "when":
            timing = replace(timing, at=moment_of(answer))
        case "until":
            timing = replace(timing, until=moment_of(answer))
    if kind == "fix" or (kind == "link" and found.state in STARTED):
        return await applied(context, found, body)
    after = await context.announcing.change(found.id, body=body, timing=timing)
    if after is None:
        return Outcome(says=(Say("utter_announcement_started"), *(await panel(context, found)).says))
    return await panel(context, after)
