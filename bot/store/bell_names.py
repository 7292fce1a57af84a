"""The names under which commits notify whoever listens (see `bot.store.bell`)."""

MODEL = "model"
"""Notified when another version of the language model is to be used."""
NAMES = "names"
"""Notified by triggers when an organisation or a training gets, changes or loses its name."""
WORK = ("incoming", "outbox", MODEL, NAMES)
WEB_NEWS = "web_news"
"""Notified with the chat's id by whoever commits a message for the web chat."""
