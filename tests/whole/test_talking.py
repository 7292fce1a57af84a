"""A person on Telegram and the whole bot, through both libraries."""

from tests.channels.telegram_emulator import TelegramEmulator
from tests.whole.running import RunningBot


async def test_person_talks_on_telegram(emulator: TelegramEmulator, bot: RunningBot, library: str) -> None:
    fatouma = emulator.person({"ptb": 1, "aiogram": 2}[library])
    fatouma.says("/start")
    assert (await fatouma.hears()).buttons == ["Français", "Soomaali", "Qafar"]
    tap = fatouma.taps("Français")
    assert (await fatouma.hears(1)).text.startswith("Très bien, nous parlons français.")
    fatouma.taps("D'accord")
    assert (await fatouma.hears(2)).text.startswith("Merci. C'est noté.")
    fatouma.says("Où trouver un espace numérique à Ali Sabieh ?")
    assert (await fatouma.hears(3)).text.startswith("Arta, Ali Sabieh, Obock : aucun espace")
    fatouma.says("/help")
    assert "À tout moment" in (await fatouma.hears(4)).text
    assert await bot.stops() == 0
    assert tap in emulator.answered
    assert len(emulator.messages_to(fatouma.chat.id)) == 5
