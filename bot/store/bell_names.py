"""The names under which commits notify whoever listens (see `bot.store.bell`)."""

WORK = ("incoming", "outbox")
WEB_NEWS = "web_news"
"""Notified with the chat's id by whoever commits a message for the web chat."""
