"""Linking in chat: which accounts are one person's, a code to add one, and parting one again."""

import json

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.linking_port import Account, Linked, LinkTried

TELLS = ("accounts", "link", "join", "part")
CHANNELS = ("telegram", "whatsapp", "web", "console")
"""Those that have a name in the domain."""


async def link_accounts(context: Context, tell: str) -> Outcome:
    """`tell`: accounts, link, join (with the code as `number`), part (with the account as `id`)."""
    if context.in_group:
        return say("utter_private_only")
    match tell:
        case "link":
            code, until = await context.linking.code()
            good = f"{until.astimezone(context.zone):%H:%M}"
            return Outcome(says=(Say("utter_link_code", {"code": f"{code[:3]} {code[3:]}", "until": good}),))
        case "join":
            return await _join(context)
        case "part":
            return await _part(context)
        case _:
            return await _accounts(context)


async def _accounts(context: Context) -> Outcome:
    accounts = await context.linking.accounts()
    names = ", ".join(_name(account, context) for account in accounts)
    add = Label(payload("link"), response="utter_label_link")
    parts = [
        Label(
            payload("part", account.key),
            response="utter_label_part",
            values={"channel": _name(account, context)},
        )
        for account in accounts
        if not account.here
    ]
    shown = "utter_accounts" if parts else "utter_account_alone"
    return Outcome(says=(Say(shown, {"accounts": names}, (add, *parts)),))


async def _join(context: Context) -> Outcome:
    tried = await context.linking.join(context.entity("number") or "")
    match tried.linked:
        case Linked.DONE:
            return _joined(context, tried)
        case Linked.WRONG if tried.tries:
            again = Label(payload("link"), response="utter_label_link")
            return Outcome(says=(Say("utter_link_wrong", {"tries": tried.tries}, (again,)),))
        case Linked.OWN:
            return say("utter_link_own")
        case _:
            return say("utter_link_too_many")


def _joined(context: Context, tried: LinkTried) -> Outcome:
    """Said on both accounts: on the other one too, so that nobody is joined unawares."""
    assert tried.other is not None
    done = Say("utter_link_done", {"channel": _name(tried.other, context)})
    stopped = (
        (Say("utter_link_stopped", labels=(Label("/subscribe", response="utter_label_come_back"),)),)
        if tried.stopped
        else ()
    )
    here = next((key for key in CHANNELS if key == context.address.channel), "web")
    told = Say(
        "utter_link_told",
        labels=(Label(payload("accounts"), response="utter_label_not_me"),),
        to=tried.other.address,
        language=tried.other.language,
        mentions={"channel": f"utter_channel_{here}"},
    )
    return Outcome(says=(done, *stopped, told))


async def _part(context: Context) -> Outcome:
    parted = await context.linking.part(context.entity("id") or "")
    if parted is None:
        return await _accounts(context)
    told = Say("utter_part_told", to=parted.address, language=parted.language)
    return Outcome(says=(Say("utter_part_done", {"channel": _name(parted, context)}), told))


def _name(account: Account, context: Context) -> str:
    channel = account.address.channel
    return context.words(f"utter_channel_{channel}") if channel in CHANNELS else channel


def payload(tell: str, key: str | None = None) -> str:
    values = {"tell": tell} if key is None else {"id": key, "tell": tell}
    return f"/my_data{json.dumps(values)}"
