"""How announcements are written for people: the message itself, its card, its report."""

import json
from collections.abc import Callable
from typing import Any

from bot.actions.announcement_port import Mailing
from bot.actions.context import Context, Label, Say
from bot.actions.registration import FORM_NAMES, LANGUAGES, THEMES
from bot.actions.training_texts import Wordbook
from bot.announcement import Announcement, Counts, Problem, Reach, State, shown_code
from bot.audiences import EVERYBODY, NOBODY, Audience, Expression, Is, Trait, criteria
from bot.messages import Opening

LANGUAGE_KEYS = {"fr": "francais", "so": "somali", "aa": "afar"}
NAMES = {
    Trait.THEME: ("theme", THEMES),
    Trait.TOPIC: ("theme", THEMES),
    Trait.LEGAL_FORM: ("form", FORM_NAMES),
    Trait.LANGUAGE: ("language", LANGUAGES),
}
EXCERPT = 300
MOST_REASONS = 5

Words = Callable[[str], str]
"""The text of a response in the language of who reads."""


def payload(number: int, tell: str) -> str:
    return f"/create_announcement{json.dumps({'id': str(number), 'tell': tell})}"


def report_payload(number: int | str, tell: str) -> str:
    return f"/delivery_report{json.dumps({'id': str(number), 'tell': tell})}"


def announcement_say(announcement: Announcement, language: str) -> Say:
    """The message exactly as it is sent to readers of this language."""
    body = announcement.body
    labels = []
    if body.link:
        labels.append(Label("", title=body.link.title, url=body.link.url))
    if body.joins:
        labels.append(Label(report_payload(announcement.id, "join"), response="utter_label_join"))
    if body.offers_language:
        labels.append(Label("/switch_language", response="utter_label_other_language"))
    values = {"text": body.text(language), "code": shown_code(announcement.code)}
    file = body.attachment.name if body.attachment else ""
    opening = Opening("announcement", (("text", body.text("fr") or file), ("code", values["code"])))
    return Say(
        "utter_announcement_text",
        values,
        tuple(labels),
        attachment=body.attachment,
        apart=True,
        opening=opening,
    )


def wordbook(context: Context) -> Wordbook:
    return Wordbook(context.domain, context.conversation.language, context.zone)


def card(announcement: Announcement, context: Context, chats: dict[int, str]) -> dict[str, Any]:
    """The values of `utter_announcement_card`."""
    words, body = wordbook(context), announcement.body
    text = body.text("fr")
    return {
        "code": shown_code(announcement.code),
        "state": context.words(f"utter_announcement_state_{announcement.state}"),
        "text": text[:EXCERPT] + ("…" if len(text) > EXCERPT else "") or "—",
        "languages": ", ".join(_language(code, announcement, context) for code in LANGUAGE_KEYS),
        "audience": audience_words(announcement.audience, context, chats),
        "when": when_words(announcement, context, words),
        "extras": ", ".join(_extras(announcement, context)) or "—",
    }


def _language(code: str, announcement: Announcement, context: Context) -> str:
    name = context.words(f"utter_language_{LANGUAGE_KEYS[code]}")
    if code in announcement.body.texts:
        return f"{name} ✓"
    mark = f"= {context.words('utter_language_francais')}" if code in announcement.body.in_french else "—"
    return f"{name} {mark}"


def _extras(announcement: Announcement, context: Context) -> list[str]:
    body = announcement.body
    found = [f"{body.link.title} ({body.link.url})"] if body.link else []
    found += [context.words("utter_label_join")] if body.joins else []
    found += [context.words("utter_label_other_language")] if body.offers_language else []
    return [*found, body.attachment.name] if body.attachment else found


def when_words(announcement: Announcement, context: Context, words: Wordbook) -> str:
    timing = announcement.timing
    first = announcement.due_at if announcement.state is State.SCHEDULED else timing.at
    at = words.moment(first) if first else context.words("utter_when_now")
    if timing.every:
        at = f"{at} · {context.words(f'utter_every_{timing.every}')}"
    if timing.until:
        at = f"{at} → {words.day(timing.until)}"
    return at


def audience_words(audience: Audience, context: Context, chats: dict[int, str]) -> str:
    parts = [] if audience.people == NOBODY else [expression_words(audience.people, context)]
    parts += [chats[number] for number in audience.chats if number in chats]
    return " + ".join(parts) or "—"


def expression_words(expression: Expression, context: Context) -> str:
    if expression == EVERYBODY:
        return context.words("utter_audience_everybody")
    wanted, unwanted = criteria(expression)
    text = ", ".join(criterion_words(c, context) for c in wanted) or context.words("utter_audience_everybody")
    if unwanted:
        text += f" {context.words('utter_audience_except')} " + ", ".join(
            criterion_words(c, context) for c in unwanted
        )
    return text


def criterion_words(criterion: Is, context: Context) -> str:
    prefix, names = NAMES.get(criterion.trait, ("", {}))
    if criterion.value in names:
        name = context.words(f"utter_{prefix}_{names[criterion.value]}")
    elif criterion.trait is Trait.TOPIC:
        name = context.words(f"utter_topic_{criterion.value}")
    else:
        name = "" if criterion.trait is Trait.ORGANISATION else criterion.value
    if criterion.trait in (Trait.REGION, Trait.THEME, Trait.LEGAL_FORM, Trait.LANGUAGE):
        return name
    return context.words(f"utter_audience_{criterion.trait}").format(value=name)


def reach_values(reach: Reach, context: Context) -> dict[str, Any]:
    by_language = [
        f"{context.words(f'utter_language_{LANGUAGE_KEYS[code]}')} {count}"
        for code, count in reach.by_language().items()
    ]
    return {
        "total": reach.total,
        "channels": ", ".join(f"{channel} {count}" for channel, count in reach.by_channel().items()) or "—",
        "languages": ", ".join(by_language) or "—",
        "unreachable": reach.unreachable,
        "stopped": reach.stopped,
    }


def mailing_words(mailing: Mailing, context: Context) -> str:
    """What coordinators should know before they pay for it, after the rest of the summary."""
    terms = mailing.terms
    rates = terms.rates
    lines = [context.words("utter_whatsapp_reach").format(inside=mailing.inside, outside=mailing.outside)]
    if mailing.estimate.days > 1:
        tier = {"days": mailing.estimate.days, "tier": terms.people_a_day}
        lines.append(context.words("utter_whatsapp_days").format_map(tier))
    amount = str(mailing.estimate.cost)
    if context.conversation.language != "so":  # Afar shows the French line
        amount = amount.replace(".", ",")
    cost = {"cost": f"{amount} {rates.currency}", "date": f"{rates.as_of:%d/%m/%Y}"}
    lines.append(context.words("utter_whatsapp_cost").format_map(cost))
    if rates.example:
        lines.append(context.words("utter_whatsapp_example_rates"))
    return "".join(f"\n{line}" for line in lines)


def problem_say(problem: Problem, number: int, context: Context) -> Say:
    """What stands in the way, with the buttons that settle it."""
    values: dict[str, Any] = {"channel": problem.channel, "length": problem.length, "limit": problem.limit}
    values["language"] = (
        context.words(f"utter_language_{LANGUAGE_KEYS[problem.language]}") if problem.language else ""
    )
    fixes = {
        "no_text": ("text",),
        "no_audience": ("aud",),
        "nobody": ("aud",),
        "past": ("when",),
        "missing": (f"text:{problem.language}", f"fr:{problem.language}"),
        "too_long": (f"text:{problem.language}",),
    }[problem.obstacle]
    labels = []
    for tell in fixes:
        kind, _, language = tell.partition(":")
        name = {"text": "write", "fr": "in_french", "aud": "audience", "when": "when"}[kind]
        if kind == "fr" and language == "fr":
            continue
        labels.append(Label(payload(number, tell), response=f"utter_label_ann_{name}", values=values))
    return Say(f"utter_problem_{problem.obstacle}", values, tuple(labels))


def counts_values(counts: Counts) -> dict[str, Any]:
    return {
        "bar": counts.bar(),
        "done": counts.total - counts.waiting,
        "total": counts.total,
        "sent": counts.sent,
        "failed": counts.failed,
        "unreachable": counts.unreachable,
        "stopped": counts.stopped,
        "unknown": counts.unknown,
        "cancelled": counts.cancelled,
    }


def live_say(announcement: Announcement, counts: Counts) -> Say:
    values = counts_values(counts) | {"code": shown_code(announcement.code)}
    stop = Label(payload(announcement.id, "stop"), response="utter_label_ann_stop")
    return Say("utter_report_live", values, (stop,) if counts.waiting else ())


def reason_words(key: str, words: Words) -> str:
    """A reason as counted, for people; what a platform said that we do not know is shown as it is."""
    kind, _, text = key.partition("|")
    return words(f"utter_reason_{kind}").format(text=text)


def final_say(announcement: Announcement, counts: Counts, joined: int, words: Words) -> Say:
    """What became of it, and what can be done now; arrivals are told where a platform has told them."""
    reasons = sorted(counts.reasons.items(), key=lambda pair: -pair[1])[:MOST_REASONS]
    values = counts_values(counts) | {
        "code": shown_code(announcement.code),
        "joined": joined,
        "arrived": counts.arrived,
        "read": counts.read,
        "reasons": "".join(f"\n· {reason_words(reason, words)} : {count}" for reason, count in reasons),
    }
    number = announcement.id
    labels = [Label(report_payload(number, "png"), response="utter_label_ann_picture")] if counts.sent else []
    if counts.settled_badly:
        labels.insert(0, Label(report_payload(number, "csv"), response="utter_label_ann_csv"))
    if counts.failed or counts.unreachable:
        labels.append(Label(report_payload(number, "again"), response="utter_label_ann_again"))
    if counts.sent:
        labels.append(Label(payload(number, "fix"), response="utter_label_ann_fix"))
        labels.append(Label(payload(number, "back"), response="utter_label_ann_back"))
    name = "utter_report_final_arrivals" if counts.arrived else "utter_report_final"
    return Say(name, values, tuple(labels))
