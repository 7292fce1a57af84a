"""The names under which commits notify whoever listens (see `bot.store.bell`)."""

MODEL = "model"
"""Notified when another version of the language model is to be used."""
WORK = ("incoming", "outbox", MODEL)
WEB_NEWS = "web_news"
"""Notified with the chat's id by whoever commits a message for the web chat."""
