"""How trainings and moments are written for people: cards, lists, dates in figures and 24-hour time, notices."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.context import Label, Say
from bot.actions.registration import THEMES
from bot.domain import Domain
from bot.messages import Opening
from bot.training import Audience, Participation, Plan, State, Training, Wish

WITH_PLACES = (State.DRAFT, State.OPEN, State.FULL)
LATE = timedelta(minutes=15)
SHORT_TITLE = 32
"""Characters of a title on a button beside a verb."""

Values = Callable[["Wordbook"], dict[str, Any]]
"""What a response says, in the words of one language."""


def payload(intent: str, **values: object) -> str:
    """`/intent{"id": "3"}` as a button carries it."""
    return f"/{intent}{json.dumps({k: str(v) for k, v in values.items()})}" if values else f"/{intent}"


@dataclass(frozen=True, slots=True)
class Wordbook:
    """The words of one language, and the clock on the wall there."""

    domain: Domain
    language: str
    zone: ZoneInfo

    def text(self, response: str) -> str:
        return self.domain.words(response, self.language).text

    def say(self, response: str, **values: Any) -> str:
        return self.text(response).format_map(values)

    def day(self, moment: date) -> str:
        """`lundi 30/11/2026`; a datetime is taken on the wall clock."""
        local = moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
        return f"{self.say(f'utter_weekday_{local.weekday()}')} {local:%d/%m/%Y}"

    def short_day(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%d/%m}"

    def hour(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%H:%M}"

    def moment(self, moment: datetime) -> str:
        return f"{self.day(moment)}, {self.hour(moment)}"

    def when(self, plan: Plan) -> str:
        first, last = plan.starts_at.astimezone(self.zone), plan.ends_at.astimezone(self.zone)
        if first.date() == last.date():
            return f"{self.day(first)}, {first:%H:%M}–{last:%H:%M}"
        return f"{self.moment(first)} → {self.moment(last)}"

    def where(self, plan: Plan) -> str:
        return plan.place if plan.region in plan.place else f"{plan.place} ({plan.region})"

    def places(self, training: Training, now: datetime) -> str:
        """How many are left, or why nobody can enrol."""
        state = training.state(now)
        if state is State.DRAFT:
            return str(training.plan.capacity or self.say("utter_label_no_limit"))
        if state is not State.OPEN or training.free is None:
            return self.say(f"utter_training_state_{state}")
        return self.say("utter_places_left", count=training.free, capacity=training.plan.capacity)

    def title(self, training: Training) -> str:
        return training.texts(self.language).title

    def line(self, training: Training, now: datetime) -> str:
        """One training in a list."""
        plan = training.plan
        return f"{self.title(training)}\n{self.when(plan)}\n{self.where(plan)} · {self.places(training, now)}"

    def card(self, training: Training, now: datetime) -> str:
        plan, texts = training.plan, training.texts(self.language)
        facts = [
            ("when", self.when(plan)),
            ("where", self.where(plan)),
            ("theme", self.say(f"utter_theme_{THEMES[plan.theme]}") if plan.theme in THEMES else ""),
            ("organiser", plan.organiser or ""),
            ("audience", "" if plan.audience is Audience.EVERYONE else self.audience(plan)),
            ("places" if training.state(now) in WITH_PLACES else "state", self.places(training, now)),
        ]
        lines = [f"{self.say(f'utter_label_training_{name}')} : {text}" for name, text in facts if text]
        return "\n".join([texts.title, *([texts.description] if texts.description else []), "", *lines])

    def audience(self, plan: Plan) -> str:
        return self.say(f"utter_audience_{plan.audience}", region=plan.region)


def shortened(title: str) -> str:
    return title if len(title) <= SHORT_TITLE else title[: SHORT_TITLE - 1].rstrip() + "…"


def coming_labels(training: Training) -> tuple[Label, ...]:
    """ "Je viens" and "je ne viens pas"."""
    return (
        Label(payload("enroll_training", id=training.id, tell="coming"), response="utter_label_coming"),
        Label(payload("withdraw_training", id=training.id, tell="sure"), response="utter_label_not_coming"),
    )


def calendar_label(training: Training) -> Label:
    return Label(payload("ask_training_details", id=training.id, tell="ics"), response="utter_label_calendar")


def details_label(training: Training) -> Label:
    return Label(payload("ask_training_details", id=training.id), response="utter_label_training_details")


def facts(words: Wordbook, training: Training) -> dict[str, Any]:
    """The values nearly every message about a training names."""
    plan = training.plan
    return {"title": words.title(training), "when": words.when(plan), "where": words.where(plan)}


def reminder(words: Wordbook, training: Training) -> Say:
    french = facts(replace(words, language="fr"), training)
    opening = Opening("training_reminder", tuple((name, str(value)) for name, value in french.items()))
    return Say("utter_training_reminder", facts(words, training), coming_labels(training), opening=opening)


def _news(words: Wordbook, response: str, values: Values, labels: tuple[Label, ...]) -> Say:
    """Something about a training; its French is what may be told to those who have not written for long."""
    french = replace(words, language="fr")
    told = values(french)
    opening = Opening(
        "training_change", (("title", str(told["title"])), ("text", french.say(response, **told)))
    )
    return Say(response, values(words), labels, opening=opening)


def invitation(words: Wordbook, training: Training) -> Say:
    """A reminder for a group: who reads it there may have no place yet."""
    place = Label(payload("enroll_training", id=training.id), response="utter_label_enrol")
    return Say("utter_training_reminder", facts(words, training), (place, details_label(training)))


def wished(words: Wordbook, training: Training) -> Say:
    """For who asked to hear of such a training: it opens."""
    place = Label(payload("enroll_training", id=training.id), response="utter_label_enrol")
    return Say("utter_training_wished", facts(words, training), (place, details_label(training)))


def wish_words(words: Wordbook, wish: Wish) -> str:
    """`Formations : numérique, Arta`."""
    theme = words.say(f"utter_theme_{THEMES[wish.theme]}") if wish.theme in THEMES else ""
    about = ", ".join(filter(None, (theme, wish.region))) or words.say("utter_wish_any")
    return words.say("utter_wish_line", about=about)


def changed(words: Wordbook, before: Training, after: Training) -> Say:
    """What is new, and what it replaces."""

    def values(words: Wordbook) -> dict[str, Any]:
        old = [
            tell(before.plan) for tell in (words.when, words.where) if tell(before.plan) != tell(after.plan)
        ]
        return {**facts(words, after), "old": "\n".join(old)}

    return _news(words, "utter_training_changed", values, coming_labels(after))


def cancelled(words: Wordbook, training: Training) -> Say:
    others = (Label("/find_training", response="utter_label_other_trainings"),)
    return _news(words, "utter_training_cancelled", lambda w: facts(w, training), others)


def place_given(words: Wordbook, training: Training) -> Say:
    labels = coming_labels(training)
    return _news(words, "utter_training_place_given", lambda w: facts(w, training), labels)


def ask_opinion(words: Wordbook, training: Training) -> Say:
    stars = tuple(
        Label(
            payload("inform", id=training.id, number=n, tell="rate"),
            response="utter_label_rating",
            values={"number": n},
        )
        for n in range(1, 6)
    )
    return _news(words, "utter_training_ask_rating", lambda w: facts(w, training), stars)


def missed(words: Wordbook, training: Training, minutes: int, people: int) -> Say:
    """For the coordinator: a reminder that could not go in time."""
    now = Label(payload("trigger_reminder", id=training.id), response="utter_label_remind_now")
    values = {**facts(words, training), "before": span(words, minutes), "people": people}
    return Say("utter_reminder_missed", values, (now,))


def own_reminder(
    words: Wordbook, text: str, due_at: datetime, times: tuple[datetime | None, datetime]
) -> Say:
    """What the person asked for, in their own words; `times`: its event, if any, and now."""
    event, now = times
    late = now - due_at > LATE
    values = {
        "text": text,
        "moment": words.moment(event or due_at),
        "due": words.moment(due_at),
    }
    stop = Label("/stop_reminders", response="utter_intent_stop_reminders")
    if late:
        return Say("utter_own_reminder_late", values, (stop,))
    return Say("utter_own_reminder_event" if event else "utter_own_reminder", values, (stop,))


def own_reminders_missed(count: int) -> Say:
    """For the coordinators: how many, not whose nor what."""
    return Say("utter_own_reminders_missed", {"count": count})


def span(words: Wordbook, minutes: int) -> str:
    """`7 jours`, `2 heures`, `30 minutes`: how long before the start."""
    for unit, size in (("days", 24 * 60), ("hours", 60)):
        if minutes >= size and minutes % size == 0:
            count = minutes // size
            return words.say(f"utter_span_{unit}" if count > 1 else f"utter_span_one_{unit}", count=count)
    return words.say("utter_span_minutes", count=minutes)


def mine(words: Wordbook, part: Participation) -> str:
    """One of the person's own trainings in their list."""
    state = words.say(f"utter_seat_{part.seat}", position=part.position)
    answer = f" · {words.say(f'utter_answer_{part.answer}')}" if part.answer else ""
    return f"{words.title(part.training)}\n{words.when(part.training.plan)}\n{state}{answer}"
