"""Settings: read once, and one clear line when something is wrong, never with a secret in it."""

import pytest

from bot.errors import StartError
from bot.settings import read_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env of the developer is read."""
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))


def test_nothing_need_be_set() -> None:
    assert read_settings().port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OSCBOT_PORT", "abc"),
        ("OSCBOT_TELEGRAM_LIBRARY", "telethon"),
        ("OSCBOT_TELEGRAM_MODE", "pigeon"),
        ("OSCBOT_TIMEZONE", "Africa/Balbala"),
        ("OSCBOT_QUIET_NIGHT", "21h-7h"),
        ("OSCBOT_QUIET_FRIDAY", "11:30-24:00"),
        ("OSCBOT_DATABASE_URL", "mysql://somewhere"),
        ("OSCBOT_TELEGRAM_TOKEN", "not-a-token"),
        ("OSCBOT_TELEGRAM_API_URL", "nowhere"),
    ],
)
def test_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StartError, match=name) as caught:
        read_settings()
    assert "\n" not in str(caught.value)


def test_webhook_without_an_address_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSCBOT_TELEGRAM_MODE", "webhook")
    with pytest.raises(StartError, match="OSCBOT_PUBLIC_URL"):
        read_settings()


WHATSAPP = {
    "OSCBOT_WHATSAPP_TOKEN": "EAAG-token",
    "OSCBOT_WHATSAPP_PHONE_ID": "106540352242922",
    "OSCBOT_WHATSAPP_BUSINESS_ACCOUNT_ID": "102290129340398",
    "OSCBOT_WHATSAPP_APP_SECRET": "app-secret-of-meta",
    "OSCBOT_WHATSAPP_VERIFY_TOKEN": "a word of ours",
}


@pytest.mark.parametrize("missing", WHATSAPP)
def test_whatsapp_with_one_value_missing_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in WHATSAPP.items():
        monkeypatch.setenv(name, "" if name == missing else value)
    with pytest.raises(StartError, match=missing) as caught:
        read_settings()
    assert "\n" not in str(caught.value)
    assert "app-secret-of-meta" not in str(caught.value)


def test_whatsapp_alone_without_an_app_secret_says_what_could_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSCBOT_WHATSAPP_TOKEN", "EAAG-token")
    with pytest.raises(StartError, match=r"OSCBOT_WHATSAPP_APP_SECRET is empty: .*forged"):
        read_settings()


def test_whatsapp_with_all_values_starts_and_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHATSAPP.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.whatsapp
    assert "app-secret-of-meta" not in repr(settings)


def test_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSCBOT_TELEGRAM_TOKEN", "123456:secretsecret")
    assert "secretsecret" not in repr(read_settings())
