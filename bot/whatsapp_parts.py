"""The parts of the bot that exist only where WhatsApp is set up: its channel, its clock, its prices, its account."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from bot.alerts import TroubleAlert
from bot.channels.port import Channel, Files, NoFiles
from bot.domain import LANGUAGES, Domain, Variation, load_domain
from bot.errors import ContentError, DeliveryError, StartError
from bot.postage import Postage, read_rates
from bot.settings import Settings
from bot.store.engine import Database
from bot.template_watch import Account, Opens, TemplateWatch, report
from bot.templates import read_templates
from bot.ticks import Tick

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "data" / "whatsapp_templates.yml"
RATES = ROOT / "data" / "whatsapp_rates.yml"
LABELS = ("utter_label_", "utter_intent_")
"""Responses that are titles of buttons."""
TEMPLATE_SECONDS = 600.0
TROUBLE_SECONDS = 30.0


def whatsapp_channel(settings: Settings, domain: Domain, files: Files) -> Channel:
    """pywa is imported only where WhatsApp is used."""
    check_texts(domain)
    options = _whatsapp_options(settings, domain, files)
    channel: Channel = import_module("bot.channels.whatsapp").WhatsAppChannel(options)
    return channel


def _whatsapp_options(settings: Settings, domain: Domain, files: Files) -> Any:
    api = import_module("bot.channels.whatsapp_api")
    messages = import_module("bot.channels.whatsapp_messages")
    hints = {
        language: messages.Hints(
            domain.words("utter_label_choose", language).text,
            domain.words("utter_answer_by_number", language).text,
        )
        for language in LANGUAGES
    }
    return api.WhatsAppOptions(
        token=_secret(settings.whatsapp_token),
        phone_id=settings.whatsapp_phone_id,
        account_id=settings.whatsapp_business_account_id,
        app_secret=_secret(settings.whatsapp_app_secret),
        verify_token=_secret(settings.whatsapp_verify_token),
        api_url=str(settings.whatsapp_api_url).rstrip("/"),
        files=files,
        phrases=api.Phrases(hints, read_templates(TEMPLATES)),
        people_a_day=settings.whatsapp_people_a_day or None,
    )


def check_texts(domain: Domain) -> None:
    """What can be known before anybody writes: fixed texts and titles that no message of WhatsApp could hold.

    Raises ContentError.
    """
    limits = import_module("bot.channels.whatsapp_messages")
    for name, language, words in _wordings(domain):
        if len(words.text) > limits.TEXT:
            raise ContentError(f"domain.yml: responses.{name}: over {limits.TEXT} characters in {language}")
        if any(len(button.title) > limits.ROW_DESCRIPTION for button in words.buttons):
            raise ContentError(
                f"domain.yml: responses.{name}: a title over {limits.ROW_DESCRIPTION} characters in {language}"
            )
        if name == "utter_label_choose" and len(words.text) > limits.LIST_BUTTON:
            raise ContentError(f"domain.yml: {name}: over {limits.LIST_BUTTON} characters in {language}")


def shortened_titles(domain: Domain) -> list[str]:
    """Fixed titles too long for the row of a list: there they are cut, and whole below; a line each."""
    limits = import_module("bot.channels.whatsapp_messages")
    titles = [
        (name, language, title)
        for name, language, words in _wordings(domain)
        for title in [*(b.title for b in words.buttons), *([words.text] if name.startswith(LABELS) else [])]
    ]
    return [
        f"{name} ({language}): {title} → {limits.shortened(title)}"
        for name, language, title in titles
        if len(title) > limits.ROW_TITLE
    ]


def _wordings(domain: Domain) -> Iterator[tuple[str, str, Variation]]:
    for name in domain.responses:
        for language in LANGUAGES:
            yield name, language, domain.words(name, language)


def _opens_account(settings: Settings, domain: Domain) -> Opens:
    """How the account behind WhatsApp is asked for its templates."""
    account = import_module("bot.channels.whatsapp_account")
    options = _whatsapp_options(settings, domain, NoFiles())
    return lambda: cast(AbstractAsyncContextManager[Account], account.opened(options))


async def whatsapp_templates(settings: Settings, *, submit: bool) -> tuple[list[str], bool]:
    """How the templates stand with the account, line by line, and whether all is well. Raises StartError."""
    if not settings.whatsapp:
        raise StartError("WhatsApp is not set up: OSCBOT_WHATSAPP_TOKEN and the others are empty")
    wanted = read_templates(TEMPLATES)
    try:
        async with _opens_account(settings, load_domain(ROOT))() as account:
            return await report(wanted, account, settings.whatsapp_people_a_day or None, submit=submit)
    except DeliveryError as error:
        raise StartError(f"WhatsApp's account cannot be asked: {error}") from None


def whatsapp_ticks(settings: Settings, domain: Domain, database: Database) -> list[Tick]:
    """The templates are looked at again and again; coordinators are told what is wrong."""
    if not settings.whatsapp:
        return []
    watch = TemplateWatch(database, read_templates(TEMPLATES), _opens_account(settings, domain))
    alert = TroubleAlert(database, domain)
    return [
        Tick("templates", TEMPLATE_SECONDS, watch.look),
        Tick("troubles", TROUBLE_SECONDS, alert.tell),
    ]


def postage(settings: Settings) -> Postage | None:
    """What an announcement on WhatsApp costs, where there is WhatsApp."""
    if not settings.whatsapp:
        return None
    category = read_templates(TEMPLATES)["announcement"].category
    return Postage(read_rates(RATES), category, settings.whatsapp_people_a_day or None)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
