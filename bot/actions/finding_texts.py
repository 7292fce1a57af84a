"""How organisations and projects of others are shown: lines of a list, a card, what was understood."""

from bot.actions.context import Context, Label
from bot.actions.finding_port import Contact, FoundOsc, FoundProject
from bot.actions.freshness_texts import verified_ago
from bot.actions.training_texts import payload
from bot.directory_index import Sought, Understood
from bot.domain import Domain
from bot.organisation import Standing, Visibility
from bot.search_words import fold

MOST_THEMES = 3
LONGEST_TITLE = 40
VERIFIED_SIGN = " ✓"


def understood_words(context: Context, understood: Understood) -> str:
    """What was looked for, as the person reads it: « words », theme, legal form, place, region."""
    return searched_words(context.domain, context.conversation.language, understood)


def searched_words(domain: Domain, language: str, understood: Understood) -> str:
    parts = named(domain, language, understood)
    return " · ".join(parts.values()) or domain.words("utter_understood_all", language).text


def named(domain: Domain, language: str, understood: Understood) -> dict[str, str]:
    """Each part of a search under its name ("words", "theme"…), in the person's language."""
    sought = understood.sought
    theme, form = f"utter_theme_{_key(sought.theme or '')}", f"utter_form_{_key(sought.form or '')}"
    parts = {
        "words": f"« {' '.join(understood.words)} »" if understood.words else "",
        "theme": domain.words(theme, language).text if sought.theme else "",
        "form": domain.words(form, language).text if sought.form else "",
        "place": sought.place or "",
        "region": sought.region or "",
    }
    return {name: text for name, text in parts.items() if text}


def theme_name(context: Context, theme: str) -> str:
    return context.words(f"utter_theme_{_key(theme)}")


def _key(value: str) -> str:
    return fold(value).replace(" ", "_")


def without(sought: Sought, part: str) -> dict[str, str]:
    """The search lifted of one demand, as a conversation remembers it."""
    kept = {name: getattr(sought, name) for name in Sought.__slots__ if name != part}
    return {name: value for name, value in kept.items() if value}


def osc_line(context: Context, number: int, osc: FoundOsc, *, can: bool) -> str:
    themes = ", ".join(theme_name(context, theme) for theme in osc.themes[:MOST_THEMES])
    sign = VERIFIED_SIGN if osc.status == Standing.VERIFIED else ""
    line = " · ".join(
        filter(None, (f"{number}. {_called(osc)}{sign}", _where(osc.place, osc.region), themes))
    )
    if can and osc.capacities:
        line += "\n   " + context.words("utter_found_can").format(
            items=", ".join(osc.capacities[:MOST_THEMES])
        )
    return line


def project_line(context: Context, number: int, project: FoundProject) -> str:
    theme = theme_name(context, project.theme) if project.theme else ""
    parts = (_where(project.place, project.region), theme, _period(project), project.organisation)
    return " · ".join(filter(None, (f"{number}. {project.title}", *parts)))


def _called(osc: FoundOsc) -> str:
    return f"{osc.name} ({osc.acronym})" if osc.acronym else osc.name


def _where(place: str | None, region: str | None) -> str:
    return ", ".join(dict.fromkeys(filter(None, (place, region))))


def _period(project: FoundProject) -> str:
    years = [day.year for day in (project.starts_on, project.ends_on) if day]
    return "–".join(str(year) for year in dict.fromkeys(years))


def titled(text: str) -> str:
    """The title of a button."""
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1].rstrip()}…"


def osc_card(context: Context, osc: FoundOsc) -> str:
    """Everything the reader may see of an organisation."""
    since = context.words("utter_found_since").format(year=osc.year) if osc.year else ""
    form = context.words(f"utter_form_{_key(osc.legal_form)}")
    themes = ", ".join(theme_name(context, theme) for theme in osc.themes)
    lists = (("utter_found_can", osc.capacities), ("utter_found_for", osc.target_groups))
    titles = [
        " ".join(filter(None, (p.title, f"({_period(p)})" if _period(p) else ""))) for p in osc.projects
    ]
    parts = [
        _called(osc),
        " · ".join(filter(None, (form, _where(osc.place, osc.region), since))),
        themes,
        osc.description or "",
        *(_items(context, response, items) for response, items in lists),
        _items(context, "utter_found_projects", titles),
        contact_lines(context, osc),
        state(context, osc),
    ]
    return "\n".join(part for part in parts if part)


def state(context: Context, osc: FoundOsc) -> str:
    """How far it is trusted, and how fresh it is."""
    verified = verified_ago(
        context.domain, context.conversation.language, [osc.verified] if osc.verified else [], context.now
    )
    return f"{context.words(f'utter_status_{osc.status}')} · {verified}"


def _items(context: Context, response: str, items: tuple[str, ...] | list[str]) -> str:
    return context.words(response).format(items=", ".join(items)) if items else ""


def contact_lines(context: Context, osc: FoundOsc) -> str:
    """The contact details, or why they are not shown."""
    if osc.contact is None:
        shared = osc.contact_visibility == Visibility.MEMBERS
        return context.words("utter_contact_of_members" if shared else "utter_contact_hidden")
    return "\n".join(
        f"{context.words(f'utter_label_osc_{name}')} : {value}"
        for name, value in _details(osc.contact)
        if value
    )


def _details(contact: Contact) -> tuple[tuple[str, str | None], ...]:
    who = f"{contact.name}, {contact.role}" if contact.name and contact.role else contact.name
    return ("contact_name", who), ("phone", contact.phone), ("email", contact.email)


def project_card(context: Context, project: FoundProject) -> str:
    theme = theme_name(context, project.theme) if project.theme else ""
    result = context.words("utter_found_result").format(text=project.result) if project.result else ""
    parts = [
        project.title,
        project.organisation,
        " · ".join(filter(None, (theme, _where(project.place, project.region), _period(project)))),
        _items(context, "utter_found_partners", project.partners),
        _items(context, "utter_found_funders", project.funders),
        result,
    ]
    return "\n".join(part for part in parts if part)


def see_osc(osc: FoundOsc) -> Label:
    return Label(payload("find_osc", id=osc.id), title=titled(osc.name))


def see_project(project: FoundProject) -> Label:
    return Label(payload("find_project", id=project.id), title=titled(project.title))
