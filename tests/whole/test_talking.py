"""A person on Telegram and the whole bot, through both libraries."""

from tests.channels.telegram_emulator import TelegramEmulator
from tests.whole.running import RunningBot


async def test_person_talks_on_telegram(emulator: TelegramEmulator, bot: RunningBot, library: str) -> None:
    fatouma = emulator.person(1 if library == "ptb" else 2)
    fatouma.says("/start")
    print(await fatouma.hears(0))
    fatouma.taps("Français")
    print(await fatouma.hears(1))
    fatouma.taps("D'accord")
    print(await fatouma.hears(2))
    fatouma.says("Où trouver un espace numérique à Ali Sabieh ?")
    print(await fatouma.hears(3))
    fatouma.says("/help")
    await fatouma.hears(4)
    for m in emulator.messages_to(fatouma.chat.id):
        print("M", m.text, m.buttons)
    print("\n".join(bot.lines))
    assert library is None
