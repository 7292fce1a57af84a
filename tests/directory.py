"""Organisations of the tests of the directory: registered in chat, in a few messages."""

from tests.announcing import joined
from tests.fakes import Chat

CONSENT = {"Français": "D'accord", "Soomaali": "Waan oggolahay", "Qafar": "Oggol"}

ANOTHER = '/inform{"choice": "new"}'
"""It is none of those that look like it."""


async def registered(
    chat: Chat, name: str = "Amis de Balbala", language: str = "Français", phone: str = "77 83 12 34"
) -> int:
    """The number of an organisation this person just registered, in their language."""
    if not await chat.everything():
        await joined(chat, language)
    chat.clock.passes(minutes=2)  # thirty messages a minute are answered
    await chat.sends(tap="/register_osc")
    if CONSENT[language] in chat.titles:
        await chat.taps(CONSENT[language])
    answers = (
        name, None, '/inform{"legal_form": "association"}', '/inform{"region": "Djibouti-Ville"}', "Balbala",
        '/inform{"theme": "eau"}', "/affirm", None, "Amina Ali", None, phone, None, None, None,
    )  # fmt: skip
    for answer in answers:
        await chat.sends(**_content(answer))
        if ANOTHER in [b.payload for m in chat.replies for b in m.buttons]:
            await chat.sends(tap=ANOTHER)
    await chat.sends(tap="/affirm")
    await chat.sends(tap="/show_my_osc")
    return await _newest(chat)


def _content(answer: str | None) -> dict[str, object]:
    if answer is None:
        return {"tap": "/deny"}
    return {"tap": answer} if answer.startswith("/") else {"text": answer}


async def _newest(chat: Chat) -> int:
    async with chat.database.transaction() as tx:
        person = await tx.people.find("plain", chat.person)
        assert person is not None
        return (await tx.organisations.of_person(person.id))[-1].id
