"""How an Outgoing gets to WhatsApp."""

from bot.channels.whatsapp_api import Graph, WhatsAppOptions
from bot.errors import Refused
from bot.messages import Outgoing


class WhatsAppSending:
    def __init__(self, graph: Graph, options: WhatsAppOptions) -> None:
        self._graph = graph
        self._options = options

    async def send(self, message: Outgoing) -> str:
        raise Refused("WhatsApp is not written to yet")
