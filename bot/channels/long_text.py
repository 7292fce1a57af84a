"""How a long text is cut for Telegram and WhatsApp, which take at most 4,096 characters: UTF-16 units are counted."""

LIMIT = 4096
"""Bot API, sendMessage: 1–4096 characters, counted like message entities in UTF-16 code units; Cloud API: 4096
of what it does not say."""

BREAKS = ("\n\n", "\n", ". ", "! ", "? ", " ")
"""Where to cut, best first."""

JOINER = "\u200d"


def units(text: str) -> int:
    """Length in UTF-16 code units: characters outside the basic plane (most emoji) count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, start: int, length: int) -> tuple[int, int]:
    """Python's [start, end) of an entity given in UTF-16 units; beyond the text it stops at its end."""
    raw = text.encode("utf-16-le", "surrogatepass")
    before = len(raw[: 2 * start].decode("utf-16-le", "ignore"))
    return before, len(raw[: 2 * (start + length)].decode("utf-16-le", "ignore"))


def split_text(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most `limit` units, cut at paragraphs, else lines, sentences, words, else anywhere."""
    parts = []
    rest = text
    while units(rest) > limit:
        head = _longest_head(rest, limit)
        cut = _best_cut(head, rest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return [part for part in parts if part] or [text]


def _longest_head(text: str, limit: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def _best_cut(head: str, text: str) -> int:
    """A paragraph that would leave a nearly empty part is not taken: the next finer break is."""
    for mark in BREAKS:
        at = head.rfind(mark)
        if at >= len(head) // 4:
            return at + len(mark)
    return _between_signs(text, len(head))


def _between_signs(text: str, cut: int) -> int:
    """Not inside an emoji made of several joined by U+200D."""
    earliest = max(1, cut - 20)
    while cut > earliest and JOINER in text[cut - 1 : cut + 1]:
        cut -= 1
    return cut
