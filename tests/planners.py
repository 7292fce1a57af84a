"""People of the tests on trainings: a coordinator who plans, members who consented, a clock that ticks for them."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from bot.training_ticks import TrainingTicks
from tests.fakes import Chat, Clock

DJIBOUTI = ZoneInfo("Africa/Djibouti")
FIRST_WORDS = {
    "fr": ("bonjour", "Français"),
    "so": ("salaan", "Soomaali"),
    "aa": ("Salaamata", "Qafar"),
}


async def consenting(chat: Chat, language: str = "fr") -> Chat:
    """Greeted, in their language, and consenting."""
    greeting, button = FIRST_WORDS[language]
    await chat.says(greeting)
    await chat.taps(button)
    await chat.sends(tap="/affirm")
    return chat


async def coordinating(chat: Chat, invited: Callable[[str], Awaitable[str]]) -> Chat:
    await consenting(chat)
    await chat.says(f"/start {await invited('coordinator')}")
    return chat


async def plan_excel(
    chat: Chat,
    *,
    title: str = "Excel pour trésoriers",
    somali: str | None = None,
    places: str = "20",
    audience: str = "1",
    day: str = "15/12/2026",
    end: str = "12h",
    until: str | None = None,
    since: str | None = None,
    opened: bool = True,
) -> None:
    """Plan it question by question: `until` a question is asked, or on `since` the one that waits."""
    answers = (
        ("Titre", title),
        ("Une ou deux phrases", "Tenir les comptes sur un tableau."),
        ("Titre en somali", somali),
        *([("Description en somali", None)] if somali else []),
        ("Titre en afar", None),
        ("Quel thème", "numérique"),
        ("région", "Djibouti-Ville"),
        ("Où exactement", "CDC de Balbala"),
        ("Quel jour", day),
        ("commence", "9h"),
        ("finit-elle", end),
        ("Combien de places", places),
        ("organise", "Bender-Djedid"),
        ("Qui peut venir", audience),
        ("Vérifiez", "Garder"),
    )
    chat.clock.passes(minutes=2)  # nobody types thirty answers in a minute
    begun = since is None
    if begun:
        await chat.sends(tap='/create_training{"tell": "new"}')
    for question, answer in answers:
        if question == until:
            chat.hears(question)
            return
        begun = begun or question == since
        if begun and answer is None:
            await chat.sends(tap="/deny")
        elif begun and answer is not None:
            await chat.says(answer)
    if opened:
        await chat.taps("Ouvrir les inscriptions")


async def ticking(ticks: TrainingTicks, clock: Clock, **span: float) -> None:
    """Let time pass, then let everything due happen."""
    clock.passes(**span)
    await ticks.remind(clock())
    await ticks.look_after(clock())
