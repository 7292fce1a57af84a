"""A person on Telegram and the whole bot, through both libraries."""

from tests.channels.telegram_emulator import TelegramEmulator
from tests.whole.running import RunningBot


async def test_person_talks_on_telegram(emulator: TelegramEmulator, bot: RunningBot, library: str) -> None:
    fatouma = emulator.person({"ptb": 1, "aiogram": 2}[library])
    fatouma.says("/start")
    assert (await fatouma.hears()).buttons == ["Français", "Soomaali", "Qafar"]
    fatouma.taps("Français")
    assert (await fatouma.hears(1)).text.startswith("Très bien, nous parlons français.")
    fatouma.taps("D'accord")
    assert (await fatouma.hears(2)).text.startswith("Merci. C'est noté.")
    fatouma.says("Où trouver un espace numérique à Ali Sabieh ?")
    assert (await fatouma.hears(3)).text.startswith("Arta, Ali Sabieh, Obock : aucun espace")
    fatouma.says("/help")
    assert "À tout moment" in (await fatouma.hears(4)).text
    assert await bot.stops() == 0
    assert len(emulator.messages_to(fatouma.chat.id)) == 5


async def test_tapped_button_is_told_that_it_was_heard(
    emulator: TelegramEmulator, bot: RunningBot, library: str
) -> None:
    hodan = emulator.person({"ptb": 3, "aiogram": 4}[library], "Hodan")
    hodan.says("/start")
    await hodan.hears()
    query = hodan.taps("Soomaali")
    await emulator.until(lambda: query in emulator.answered)
    assert "Soomaali" in (await hodan.hears(1)).text or (await hodan.hears(1)).buttons
