"""Projects as people read them: a card, a list, the status and the period in their language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.actions.context import Context, Label, Say
from bot.actions.profile_fields import shown as profile_shown
from bot.actions.project_port import ProjectCard
from bot.actions.training_texts import payload
from bot.organisation import ProjectStatus

STATUSES: Mapping[str, str] = {status.value: f"utter_project_{status.value}" for status in ProjectStatus}
OVER = (ProjectStatus.DONE, ProjectStatus.STOPPED)
SHOWN = (
    "project_theme", "project_region", "project_place", "project_period", "project_partners", "project_funders",
    "project_status", "project_result",
)  # fmt: skip


def period_words(kept: str) -> dict[str, date | None]:
    """Two ISO days, or one of a project that goes on, as columns."""
    first, _, last = kept.partition(" ")
    return {"starts_on": date.fromisoformat(first), "ends_on": date.fromisoformat(last) if last else None}


def shown(name: str, card: ProjectCard, context: Context) -> str:
    """One field as people read it; empty when it is not known."""
    match name:
        case "project_theme":
            return profile_shown("osc_themes", card.theme, context) if card.theme else ""
        case "project_status":
            return context.words(STATUSES[card.status])
        case "project_period":
            return _period(card, context)
        case "project_partners" | "project_funders":
            return ", ".join(card.partners if name == "project_partners" else card.funders)
        case _:
            value: Any = getattr(card, name.removeprefix("project_"))
            return str(value or "")


def _period(card: ProjectCard, context: Context) -> str:
    if card.starts_on is None:
        return ""
    if card.ends_on is None:
        return context.words("utter_period_since").format(start=f"{card.starts_on:%d/%m/%Y}")
    return f"{card.starts_on:%d/%m/%Y} → {card.ends_on:%d/%m/%Y}"


def project_say(card: ProjectCard, context: Context) -> Say:
    """A card; those who may change it find the buttons for that."""
    lines = [
        f"{context.words(f'utter_label_{name}')} : {text}"
        for name in SHOWN
        if (text := shown(name, card, context))
    ]
    values = {"title": card.title, "name": card.organisation, "lines": "\n".join(lines)}
    return Say("utter_project_card", values, _labels(card) if card.mine else ())


def _labels(card: ProjectCard) -> tuple[Label, ...]:
    close = Label(payload("declare_project", tell=f"close:{card.id}"), response="utter_label_close_project")
    return (
        Label(payload("declare_project", tell=f"fix:{card.id}"), response="utter_label_change"),
        *(() if card.status in OVER else (close,)),
        Label(
            payload("declare_project", id=card.organisation_id, tell="list"), response="utter_label_projects"
        ),
    )


def project_list(projects: Sequence[ProjectCard], context: Context) -> str:
    return "\n".join(f"• {card.title} · {shown('project_status', card, context)}" for card in projects)
