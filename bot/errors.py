"""The tree of errors; the branches of a failed delivery are named by how delivery reacts.

OscbotError
├── StartError            the bot cannot start; its text is the one line the operator reads
│   └── ContentError      domain.yml, rules or data contradict themselves: file, line and key in the text
├── NotAllowed            the role of the person does not allow this act
├── Unparsable            a platform's event that cannot be read: quarantined, counted, never lost
└── DeliveryError         a message was not sent, or nobody knows
    ├── TryLater          throttled, 5xx or no network: the same row again after `after` seconds
    │   └── AccountStopped    the platform has locked the account or the token: coordinators are told
    ├── Unreachable       blocked, deactivated, left: the identity is marked
    ├── Moved             the chat has another id now: the id is rewritten once, the row is sent again
    ├── Refused           the platform will never take this content: the row has failed and is shown
    │   ├── WindowClosed      the person has not written for long: the row is told by a template instead
    │   └── TemplateTrouble   the approved words it needs are not there: what needs them waits, coordinators are told
    └── Unknown           the request was written, no answer came: it may have arrived
"""


class OscbotError(Exception):
    """Root of all errors of the bot."""


class StartError(OscbotError):
    """The bot cannot start; str() is one clear line for the operator."""


class ContentError(StartError):
    """Content contradicts itself; str() names file, line and key."""


class NotAllowed(OscbotError):
    """The role of the person does not allow this act; nothing was done."""


class Unparsable(OscbotError):
    """An event of a platform could not be read."""


class DeliveryError(OscbotError):
    """A message was not sent, or nobody knows whether it was."""


class TryLater(DeliveryError):
    """Send the same row again after `after` seconds.

    `throttled`: the platform limits us (attempts are not burnt); `whole_channel`: not only this chat must wait.
    """

    def __init__(
        self, reason: str, after: float, *, throttled: bool = False, whole_channel: bool = False
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.throttled = throttled
        self.whole_channel = whole_channel


class AccountStopped(TryLater):
    """The account or its token is stopped by the platform; somebody must act there. str() is the reason."""

    def __init__(self, reason: str, after: float) -> None:
        super().__init__(reason, after, whole_channel=True)


class Unreachable(DeliveryError):
    """The person or group cannot be written to: blocked, deactivated, left, or never started the bot."""


class Moved(DeliveryError):
    """The chat is now `new_chat_id` (a Telegram group that became a supergroup)."""

    def __init__(self, new_chat_id: str) -> None:
        super().__init__(f"chat moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class Refused(DeliveryError):
    """The platform refuses this message for good; str() is the reason."""


class WindowClosed(Refused):
    """Only words approved by the platform may go to this person now (WhatsApp: no message from them in 24 h)."""


class TemplateTrouble(Refused):
    """The approved words this message needs are missing, paused, refused or other than expected."""


class Unknown(DeliveryError):
    """The request left, no answer came: it may have been delivered."""
