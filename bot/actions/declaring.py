"""Declaring a project of one's organisation in chat: its questions, what each answer may be, correcting and closing."""

from collections.abc import Mapping
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.profile_fields import CHOICES, LONGEST_LINE, MOST_LINES, choice_labels
from bot.actions.profile_texts import which_labels
from bot.actions.project_port import ProjectCard
from bot.actions.project_texts import STATUSES, period_words, project_list, project_say, shown
from bot.actions.training_texts import payload
from bot.conversation import Conversation, FormStarted, SlotReopened, SlotSet
from bot.forms import FormRules, Invalid, Valid
from bot.organisation import EDITORS, ProjectStatus
from bot.periods import Period, read_period

FORM, FIX = "declare_project_form", "fix_project_form"
FIELDS = (
    "project_title", "project_theme", "project_region", "project_place", "project_period", "project_partners",
    "project_funders", "project_status", "project_result",
)  # fmt: skip
AS_PROFILE = {"project_theme": "osc_themes", "project_region": "osc_region"}
"""Fields whose values are those of a field of the profile."""
MOST_CHARACTERS = {"project_title": 120, "project_place": 120, "project_result": 300}
CLOSING = "close"


async def declare_project(context: Context) -> Outcome:
    """`tell` holds a step and a number ("card:5"); without one a new project is asked about."""
    step, _, rest = (context.entity("tell") or "").partition(":")
    number, _, name = rest.partition(":")
    if step == "list":
        return await _list(context)
    if step in ("card", "fix", "close", "what") and number.isdecimal():
        project = await context.projects.get(int(number))
        if project is None:
            return say("utter_own_project_gone")
        return await _about(context, project, step, name)
    return await _begin(context)


async def _about(context: Context, project: ProjectCard, step: str, name: str) -> Outcome:
    if step == "card" or not project.mine:
        return Outcome(says=(project_say(project, context),))
    if step == "fix" and name not in FIELDS:
        labels = tuple(
            Label(
                payload("declare_project", tell=f"fix:{project.id}:{field}"), response=f"utter_label_{field}"
            )
            for field in FIELDS
        )
        return say("utter_ask_what_to_correct", *labels)
    field = CLOSING if step == "close" else name
    return Outcome(
        (
            SlotReopened("fix_value"),
            SlotSet("fix_project", f"{project.id}:{field}"),
            SlotSet("fix_old", shown(name, project, context) if step == "fix" else project.title),
            FormStarted(FIX),
        )
    )


async def _list(context: Context) -> Outcome:
    """All projects of one organisation, also those that are over: they show what it can do."""
    number = context.entity("id") or ""
    profile = await context.profiles.profile(int(number)) if number.isdecimal() else None
    if profile is None:
        return say("utter_no_osc")
    projects = await context.projects.of(int(number))
    new = Label(payload("declare_project", id=number), response="utter_label_new_project")
    labels = tuple(
        Label(payload("declare_project", tell=f"card:{project.id}"), title=project.title)
        for project in projects[:8]
    )
    labels = (*labels, new) if profile.part in EDITORS else labels
    if not projects:
        return say("utter_no_project", *labels, name=profile.card.name)
    return say("utter_projects_listed", *labels, name=profile.card.name, list=project_list(projects, context))


async def _begin(context: Context) -> Outcome:
    """The form, for the one organisation or the one chosen; left half way, it goes on."""
    now = context.conversation
    wanted = context.entity("id")
    if FORM in now.waiting and wanted is None:
        return Outcome((FormStarted(FORM),))
    cards = await context.directory.of_person(context.person.id)
    chosen = [card for card in cards if wanted in (None, str(card.id))]
    if not chosen:
        return say("utter_no_osc")
    if len(chosen) > 1:
        return say("utter_which_osc", *which_labels(chosen, "declare_project"))
    profile = await context.profiles.profile(chosen[0].id or 0)
    if profile is None or profile.part not in EDITORS:
        return say("utter_editors_only", name=chosen[0].name)
    kept = SlotSet("project_osc", str(chosen[0].id))
    return Outcome((kept, SlotSet("project_osc_name", chosen[0].name), FormStarted(FORM)))


def labels_of(name: str, context: Context) -> tuple[Label, ...]:
    if name in AS_PROFILE:
        return choice_labels(AS_PROFILE[name], [], context)
    if name == "project_status":
        return tuple(
            Label(payload("inform", choice=status), response=response)
            for status, response in STATUSES.items()
        )
    return ()


async def check(name: str, value: Any, context: Context) -> Valid | Invalid:
    """The answer as the directory keeps it; lists stay lists, a period is two ISO days."""
    if name in AS_PROFILE:
        return _named(AS_PROFILE[name], value, context)
    if name == "project_status":
        return Valid(value) if value in set(ProjectStatus) else Invalid("utter_choose_among")
    text = " ".join(str(value).split())
    if name == "project_period":
        period = read_period(text)
        return Valid(_kept(period)) if period else Invalid("utter_invalid_period")
    if name in ("project_partners", "project_funders"):
        names = [" ".join(p.split()) for p in text.replace(";", ",").split(",") if p.strip()]
        good = 1 <= len(names) <= MOST_LINES * 2 and all(len(n) <= LONGEST_LINE for n in names)
        return Valid(names) if good else Invalid("utter_invalid_line")
    most = MOST_CHARACTERS[name]
    good = 2 <= len(text) <= most and any(c.isalpha() for c in text)
    return Valid(text) if good else Invalid("utter_invalid_length", {"most": most})


def _named(field: str, value: Any, context: Context) -> Valid | Invalid:
    choices = CHOICES[field]
    found = [
        e.value for e in context.meaning.entities if e.name == choices.entity and e.value in choices.names
    ]
    if value in choices.names:
        return Valid(value)
    return Valid(found[0]) if found else Invalid("utter_choose_among")


def _kept(period: Period) -> str:
    return f"{period.first.isoformat()} {period.last.isoformat() if period.last else ''}".strip()


def _checks() -> Mapping[str, Any]:
    def one(name: str) -> Any:
        async def checked(value: Any, context: Context) -> Valid | Invalid:
            return await check(name, value, context)

        return checked

    return {name: one(name) for name in FIELDS}


def card_of(now: Conversation) -> ProjectCard:
    """What the form gathered."""
    values = {name: now.slot(name) for name in FIELDS}
    return ProjectCard(title=now.words("project_title"), **columns(values))


def columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as columns of a project; `project_title` is left to the caller, what was skipped is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name == "project_title":
            continue
        if name == "project_period":
            found |= period_words(str(value))
        else:
            found[name.removeprefix("project_")] = tuple(value) if isinstance(value, list) else value
    return found


def question_values(slot: str, context: Context) -> Mapping[str, Any]:
    now = context.conversation
    if slot == "project_title":
        return {"name": now.words("project_osc_name")}
    if slot != "project_confirm":
        return {}
    card = card_of(now)
    lines = [
        f"{context.words(f'utter_label_{name}')} : {text}"
        for name in FIELDS
        if now.slot(name) is not None and (text := shown(name, card, context))
    ]
    return {"summary": "\n".join(lines), "name": now.words("project_osc_name")}


DECLARE_FORM = FormRules(
    checks=_checks(),
    optional=frozenset(FIELDS) - {"project_title"},
    summary="project_confirm",
    values=question_values,
    labels=labels_of,
    skips=dict.fromkeys(FIELDS, "utter_label_not_known"),
)


async def keep_project(context: Context) -> Outcome:
    now = context.conversation
    project = await context.projects.declare(int(now.words("project_osc") or 0), card_of(now))
    if project is None:
        return say("utter_editors_only", name=now.words("project_osc_name"))
    return Outcome(says=(Say("utter_project_kept", {"title": project.title}), project_say(project, context)))


def _fixing(context: Context) -> tuple[int, str]:
    number, _, field = context.conversation.words("fix_project").partition(":")
    return int(number or 0), field


async def check_fix(value: Any, context: Context) -> Valid | Invalid:
    _, field = _fixing(context)
    return await check("project_result" if field == CLOSING else field, value, context)


def fix_values(slot: str, context: Context) -> Mapping[str, Any]:
    _, field = _fixing(context)
    old = context.conversation.words("fix_old") or "—"
    if field == CLOSING:
        return {"question": context.words("utter_close_project").format(title=old)}
    asked = context.words(f"utter_ask_{field}") if field else ""
    name = context.words(f"utter_label_{field}") if field else ""
    question = asked if field != "project_title" else context.words("utter_hint_value")
    return {"question": f"{name} : {old}\n{question}"}


FIX_FORM = FormRules(
    checks={"fix_value": check_fix},
    optional=frozenset({"fix_value"}),
    values=fix_values,
    labels=lambda slot, context: labels_of(_fixing(context)[1], context),
    skips={"fix_value": "utter_label_not_known"},
    erasing=frozenset({"fix_value"}),
)


async def fix_project(context: Context) -> Outcome:
    """A skipped value is emptied, but for a title; closing keeps the result where one is given."""
    number, field = _fixing(context)
    value = context.conversation.slot("fix_value")
    values: dict[str, Any] = {}
    if field == CLOSING:
        values = {"status": ProjectStatus.DONE.value, **({"result": value} if value else {})}
    elif value is not None:
        values = {"title": value} if field == "project_title" else columns({field: value})
    elif field == "project_period":
        values = {"starts_on": None, "ends_on": None}
    elif field not in ("project_title", "project_status"):
        lists = field in ("project_partners", "project_funders")
        values = {field.removeprefix("project_"): () if lists else None}
    project = await context.projects.change(number, values)
    if project is None:
        return say("utter_own_project_gone")
    return Outcome(says=(Say("utter_people_changed"), project_say(project, context)))
