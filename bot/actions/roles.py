"""What an admin does with roles: see who has which, give, take away, make a code; for others, their own data."""

import json

from bot.actions import consents, linking, privacy
from bot.actions.announcement_port import Known
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.quiet_hours import quiet_step

ROLES = ("coordinator", "partner", "admin", "member")


async def my_data(context: Context) -> Outcome:
    """One's own data; `tell` roles… is the admin's part, accounts, link, join, part and quiet… one's own."""
    tell = context.entity("tell") or ""
    if tell in linking.TELLS:
        return await linking.link_accounts(context, tell)
    if tell.partition(":")[0] in consents.TELLS:
        return await consents.own_data(context, tell)
    if tell.startswith("quiet"):
        return await quiet_step(context, tell)
    if not tell.startswith("role"):
        shown = await privacy.my_data(context)
        if context.person.role != "admin":
            return shown
        door = Say("utter_roles_door", labels=(Label(_payload("roles"), response="utter_label_roles"),))
        return Outcome(shown.events, (*shown.says, door))
    if context.person.role != "admin" or context.in_group:
        return say("utter_admins_only")
    return await _roles(context, tell)


async def _roles(context: Context, tell: str) -> Outcome:
    number = context.entity("id") or ""
    verb, _, role = tell.partition(":")
    if verb == "rolecode" and role in ROLES:
        return say("utter_role_code", code=await context.roles.code(role), role=_role(role, context))
    if not number.isdigit():
        return await _list(context)
    person = await context.roles.person_named(int(number))
    if person is None:
        return say("utter_person_unknown")
    if verb == "rolegive" and role in ROLES:
        return await _give(context, person, role)
    labels = tuple(
        Label(_payload(f"rolegive:{r}", person.person_id), response=f"utter_role_{r}")
        for r in ROLES
        if r != person.role
    )
    return Outcome(says=(Say("utter_role_of", _values(person, context), labels),))


async def _list(context: Context) -> Outcome:
    people = [
        Label(_payload("role", p.person_id), title=f"{_name(p)} · {_role(p.role, context)}")
        for p in await context.roles.people()
    ]
    codes = [
        Label(_payload(f"rolecode:{r}"), response=f"utter_label_code_{r}") for r in ROLES if r != "member"
    ]
    return Outcome(says=(Say("utter_roles", labels=(*people, *codes)),))


async def _give(context: Context, person: Known, role: str) -> Outcome:
    if not await context.roles.give(person.person_id, role):
        return say("utter_last_admin")
    values = _values(person, context) | {"role": _role(role, context)}
    done = Say("utter_role_changed", values, (Label(_payload("roles"), response="utter_label_roles"),))
    if person.address is None or person.person_id == context.person.id:
        return Outcome(says=(done,))
    name = context.domain.words(f"utter_role_{role}", person.language).text
    told = Say("utter_role_given", {"role": name}, to=person.address, language=person.language)
    return Outcome(says=(done, told))


def _payload(tell: str, number: int | None = None) -> str:
    values = {"tell": tell} if number is None else {"id": str(number), "tell": tell}
    return f"/my_data{json.dumps(values)}"


def _name(person: Known) -> str:
    return person.name or f"{person.channel} {person.person_id}"


def _role(role: str, context: Context) -> str:
    return context.words(f"utter_role_{role}")


def _values(person: Known, context: Context) -> dict[str, str]:
    return {"name": _name(person), "role": _role(person.role, context)}
