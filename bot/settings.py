"""The settings of one installation: read once, from the environment and `.env`, and nowhere else."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError

PREFIX = "OSCBOT_"
_DIGITS = r"^\d{3,32}$"
WHATSAPP = (
    "whatsapp_token",
    "whatsapp_phone_id",
    "whatsapp_business_account_id",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
_SPAN = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


class TelegramLibrary(StrEnum):
    PTB = "ptb"
    AIOGRAM = "aiogram"


class TelegramMode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}; for example Africa/Djibouti")
    return name


def _span(text: str) -> str:
    if not _SPAN.fullmatch(text):
        raise ValueError("must look like 21:00-07:00 (24-hour clock; equal ends for never)")
    return text


def _postgres_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
        raise ValueError("must start with postgresql://")
    return url


class Settings(BaseSettings):
    """Every name here is an environment variable with the prefix OSCBOT_; `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: HttpUrl = HttpUrl("https://api.telegram.org")
    telegram_library: TelegramLibrary = TelegramLibrary.PTB
    telegram_mode: TelegramMode = TelegramMode.POLLING
    telegram_webhook_secret: SecretStr | None = None
    whatsapp_token: SecretStr | None = None
    whatsapp_phone_id: Annotated[str, Field(pattern=_DIGITS)] | None = None
    whatsapp_business_account_id: Annotated[str, Field(pattern=_DIGITS)] | None = None
    whatsapp_app_secret: SecretStr | None = None
    whatsapp_verify_token: SecretStr | None = None
    whatsapp_people_a_day: int = Field(default=250, ge=0)
    whatsapp_api_url: HttpUrl = HttpUrl("https://graph.facebook.com")
    public_url: HttpUrl | None = None
    database_url: Annotated[SecretStr, AfterValidator(_postgres_url)] | None = None
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Africa/Djibouti"
    quiet_night: Annotated[str, AfterValidator(_span)] = "21:00-07:00"
    quiet_friday: Annotated[str, AfterValidator(_span)] = "11:30-14:00"
    keep_messages_days: int = Field(default=365, ge=30)
    keep_strangers_days: int = Field(default=180, ge=30)
    nlu_url: HttpUrl | None = None
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def whatsapp(self) -> bool:
        """Whether the WhatsApp channel is wanted; then all it needs is set."""
        return any(getattr(self, name) for name in WHATSAPP)

    @model_validator(mode="after")
    def _whatsapp_is_complete(self) -> "Settings":
        if self.whatsapp and not self.whatsapp_app_secret:
            raise ValueError(
                "OSCBOT_WHATSAPP_APP_SECRET is empty: without it anybody could send the bot forged messages; "
                "README says where to find it"
            )
        if missing := [name for name in WHATSAPP if self.whatsapp and not getattr(self, name)]:
            names = ", ".join(PREFIX + name.upper() for name in missing)
            raise ValueError(f"{names}: empty, but WhatsApp needs all five; README says where to find them")
        return self

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> "Settings":
        if self.telegram_token and not _token_shape(self.telegram_token.get_secret_value()):
            raise ValueError("OSCBOT_TELEGRAM_TOKEN must look like 123456:ABC… as @BotFather gave it")
        if self.telegram_mode is TelegramMode.WEBHOOK:
            secret = self.telegram_webhook_secret
            if self.public_url is None or secret is None:
                raise ValueError(
                    "OSCBOT_TELEGRAM_MODE=webhook needs OSCBOT_PUBLIC_URL and OSCBOT_TELEGRAM_WEBHOOK_SECRET"
                )
            if not _secret_shape(secret.get_secret_value()):
                raise ValueError("OSCBOT_TELEGRAM_WEBHOOK_SECRET takes 1 to 256 of A-Z a-z 0-9 _ -")
        return self


def _token_shape(token: str) -> bool:
    number, _, rest = token.partition(":")
    return number.isdigit() and len(rest) >= 6 and all(c.isalnum() or c in "_-" for c in rest)


def _secret_shape(secret: str) -> bool:
    """Bot API, setWebhook, secret_token."""
    return 1 <= len(secret) <= 256 and all(c.isascii() and (c.isalnum() or c in "_-") for c in secret)


def read_settings() -> Settings:
    """Raises StartError with one clear line naming the variable and what is wrong; never a secret's value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper() if first["loc"] else ""
        problem = first["msg"].removeprefix("Value error, ")
        raise StartError(f"{name}: {problem}" if name else problem) from None
