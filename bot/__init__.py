"""The bot: doors, use cases, decisions, memory; drawn in README.md and held by tests/test_architecture.py."""

__version__ = "0.1.0"
