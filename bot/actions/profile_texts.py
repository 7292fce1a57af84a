"""A profile as its people and coordinators read it: every field, how fresh it is, and what is still missing."""

from bot.actions.context import Context, Label, Say
from bot.actions.directory_port import OrganisationCard, Profile
from bot.actions.freshness_texts import ago, verified_ago
from bot.actions.profile_fields import FIELDS, column, shown
from bot.actions.training_texts import payload
from bot.organisation import CONTACT_FIELDS, EDITORS, WANTED, Standing

DATED = frozenset({*CONTACT_FIELDS, "addresses"})
"""Fields shown with their age: those that go out of date first."""
OUT_OF_VIEW = frozenset({"osc_name", "osc_logo_key"})


def completeness(card: OrganisationCard) -> tuple[int, str | None]:
    """Per cent of the wanted fields that are there, and the one to add next."""
    missing = [name for name in WANTED if not getattr(card, name)]
    return 100 - round(100 * len(missing) / len(WANTED)), missing[0] if missing else None


def field_lines(profile: Profile, context: Context) -> str:
    """A line for each field that has a value; those that age with how old they are."""
    lines = []
    for name in FIELDS:
        value = getattr(profile.card, column(name))
        if name in OUT_OF_VIEW or not value:
            continue
        line = f"{context.words(f'utter_label_{name}')} : {shown(name, value, context)}"
        if column(name) in DATED and (moment := profile.confirmed.get(column(name))):
            line += f" ({ago(context.domain, context.conversation.language, moment, context.now)})"
        lines.append(line)
    return "\n".join(lines)


def proof_line(profile: Profile, context: Context) -> str:
    """Projects and attended trainings, which show what the organisation can do."""
    proof = profile.proof
    parts = [context.words("utter_proof_projects").format(count=proof.projects)] if proof.projects else []
    if proof.trainings:
        parts.append(context.words("utter_proof_trainings").format(titles=", ".join(proof.trainings[:3])))
    return "\n".join(parts)


def profile_text(profile: Profile, context: Context) -> str:
    card = profile.card
    title = f"{card.name} ({card.acronym})" if card.acronym else card.name
    parts = [title, field_lines(profile, context), proof_line(profile, context)]
    return "\n".join(part for part in parts if part)


def own_card(profile: Profile, context: Context) -> Say:
    """The profile for its own people, with the one next thing to add."""
    card = profile.card
    per_cent, missing = completeness(card)
    wanted = (
        context.words("utter_next_to_add").format(field=context.words(f"utter_label_osc_{missing}"))
        if missing
        else context.words("utter_profile_whole")
    )
    language = context.conversation.language
    values = {
        "card": profile_text(profile, context),
        "complete": per_cent,
        "next": wanted,
        "verified": verified_ago(context.domain, language, profile.confirmed.values(), context.now),
    }
    return Say(
        "utter_osc_card",
        values,
        _labels(profile, context),
        mentions={"status": f"utter_status_{card.status}"},
        attachment=profile.logo,
    )


def _labels(profile: Profile, context: Context) -> tuple[Label, ...]:
    number = profile.card.id
    edits = profile.part in EDITORS
    return (
        *next_label(profile, context),
        *([Label(payload("update_osc", id=number), response="utter_label_change")] if edits else []),
        Label(payload("declare_project", id=number, tell="list"), response="utter_label_projects"),
        Label(payload("show_my_osc", tell=f"people:{number}"), response="utter_label_people"),
        *([_attest(number)] if edits and profile.card.status == Standing.DECLARED else []),
        Label("/help", response="utter_label_menu"),
    )


def _attest(number: int | None) -> Label:
    return Label(payload("show_my_osc", tell=f"attest:{number}"), response="utter_label_get_attested")


def next_label(profile: Profile, context: Context) -> tuple[Label, ...]:
    """The button that adds what is missing most; none on a whole profile, nor for those who change nothing."""
    missing = completeness(profile.card)[1]
    if missing is None or profile.part not in EDITORS:
        return ()
    to_add = payload("update_osc", id=profile.card.id, slot=f"osc_{missing}")
    named = {"field": context.words(f"utter_label_osc_{missing}")}
    return (Label(to_add, response="utter_label_add", values=named),)


def which_labels(cards: list[OrganisationCard], intent: str) -> tuple[Label, ...]:
    """One button for each of the person's organisations."""
    return tuple(Label(payload(intent, id=card.id), title=card.name) for card in cards)
