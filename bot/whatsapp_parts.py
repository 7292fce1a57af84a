"""The parts of the bot that exist only where WhatsApp is set up: its channel, its clock, its prices, its account."""

from contextlib import AbstractAsyncContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from bot.alerts import TroubleAlert
from bot.channels.port import Channel, Files, NoFiles
from bot.domain import LANGUAGES, Domain, load_domain
from bot.errors import DeliveryError, StartError
from bot.postage import Postage, read_rates
from bot.settings import Settings
from bot.store.engine import Database
from bot.template_watch import Account, Opens, TemplateWatch, report
from bot.templates import read_templates
from bot.ticks import Tick

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "data" / "whatsapp_templates.yml"
RATES = ROOT / "data" / "whatsapp_rates.yml"
TEMPLATE_SECONDS = 600.0
TROUBLE_SECONDS = 30.0


def whatsapp_channel(settings: Settings, domain: Domain, files: Files) -> Channel:
    """pywa is imported only where WhatsApp is used."""
    options = _whatsapp_options(settings, domain, files)
    channel: Channel = import_module("bot.channels.whatsapp").WhatsAppChannel(options)
    return channel


def _whatsapp_options(settings: Settings, domain: Domain, files: Files) -> Any:
    api = import_module("bot.channels.whatsapp_api")
    choose = {language: domain.words("utter_label_choose", language).text for language in LANGUAGES}
    return api.WhatsAppOptions(
        token=_secret(settings.whatsapp_token),
        phone_id=settings.whatsapp_phone_id,
        account_id=settings.whatsapp_business_account_id,
        app_secret=_secret(settings.whatsapp_app_secret),
        verify_token=_secret(settings.whatsapp_verify_token),
        api_url=str(settings.whatsapp_api_url).rstrip("/"),
        files=files,
        phrases=api.Phrases(choose, read_templates(TEMPLATES)),
        people_a_day=settings.whatsapp_people_a_day or None,
    )


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
