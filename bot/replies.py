"""How what an action says becomes messages: wording by language, values filled in, replies bundled."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.actions.context import Label, Say
from bot.domain import Domain
from bot.messages import Address, Button, Outgoing

TITLE_LIMIT = 60
MOST_TOGETHER = 3900
"""Characters of several replies in one message, where each message is paid for; with a file, of its caption."""
CAPTION_TOGETHER = 1000
BUTTONS_TOGETHER = 10


def render(
    domain: Domain, says: Iterable[Say], address: Address, language: str, *, together: bool = False
) -> list[Outgoing]:
    """Messages in order. Replies to one chat are bundled into one until one of them carries buttons.

    `together`: those with buttons too, as long as all fits, for each message costs.
    Raises KeyError when a response names a value the action did not give.
    """
    messages: list[Outgoing] = []
    alone = False
    for say in says:
        message = _message(domain, say, say.to or address, say.language or language)
        before = messages[-1] if messages else None
        joins = before and not (alone or say.apart) and before.address == message.address
        if before and joins and (_goes_on(before) or (together and _fit(before, message))):
            text = f"{before.text}\n\n{message.text}"
            messages[-1] = replace(message, text=text, buttons=(*before.buttons, *message.buttons))
        else:
            messages.append(message)
        alone = say.apart
    return messages


def _message(domain: Domain, say: Say, address: Address, language: str) -> Outgoing:
    words = domain.words(say.response, language)
    mentioned = {name: domain.words(response, language).text for name, response in say.mentions.items()}
    text = words.text.format_map({**say.values, **mentioned})
    added = tuple(_button(domain, label, language) for label in say.labels)
    contact = (Button(domain.words("utter_label_share_phone", language).text, asks_contact=True),)
    buttons = (*words.buttons, *added, *(contact if say.asks_contact else ()))
    return Outgoing(address, text, buttons, attachment=say.attachment, language=language, opening=say.opening)


def _goes_on(message: Outgoing) -> bool:
    """More may be said in the same message."""
    return not message.buttons and message.attachment is None


def _fit(before: Outgoing, message: Outgoing) -> bool:
    """Whether both are one message that shows all their buttons."""
    most = CAPTION_TOGETHER if message.attachment else MOST_TOGETHER
    short = len(before.text) + len(message.text) + 2 <= most
    return before.attachment is None and short and len(before.buttons + message.buttons) <= BUTTONS_TOGETHER


def _button(domain: Domain, label: Label, language: str) -> Button:
    title = label.title or domain.words(label.response or "", language).text.format_map(label.values)
    if len(title) > TITLE_LIMIT:
        title = title[: TITLE_LIMIT - 1].rstrip() + "…"
    return Button(title, payload=label.payload or None, url=label.url)


def offered(messages: Sequence[Outgoing], address: Address) -> tuple[tuple[str, str], ...]:
    """The buttons (title, payload) of the last message to this chat, in the order shown."""
    for message in reversed(messages):
        if message.address == address:
            return tuple((b.title, b.payload) for b in message.buttons if b.payload)
    return ()
