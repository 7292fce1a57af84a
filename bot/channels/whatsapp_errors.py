"""What each error code of WhatsApp means for a message: the reaction of delivery."""

from bot.errors import DeliveryError, Refused


def reaction(code: int, title: str = "") -> DeliveryError:
    """How delivery must react to a message that failed with this code of Meta's."""
    return Refused(f"{code} {title}".strip())
