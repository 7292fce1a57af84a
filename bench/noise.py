"""How people's texts go wrong on a phone, made up from a seed: mistyped letters and chat spelling."""

import random
from collections.abc import Callable, Mapping
from functools import partial

NEAR: Mapping[str, str] = {
    "a": "zq", "b": "vn", "c": "xv", "d": "sf", "e": "zr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "km", "m": "ln", "n": "bm", "o": "ip", "p": "om", "q": "as", "r": "et", "s": "dq", "t": "ry",
    "u": "yi", "v": "cb", "w": "xe", "x": "wc", "y": "tu", "z": "ae",
}  # fmt: skip
"""Neighbours on the phone keyboards in use (azerty)."""
SMS: Mapping[str, str] = {
    "c'est": "c", "qu'": "k", "que": "ke", "qui": "ki", "quoi": "koi", "pour": "pr", "je": "j", "vous": "vs",
    "nous": "ns", "est": "e", "les": "l", "des": "d", "dans": "ds", "avec": "av", "beaucoup": "bcp", "comment": "cmt",
    "bonjour": "bjr", "salut": "slt", "merci": "mrc", "toujours": "tjr", "quand": "qd", "association": "asso",
}  # fmt: skip
VOWELS = "aeiouyàâéèêëîïôùû"
SEED = 17


def _typo(word: str, chance: random.Random) -> str:
    """One letter missing, doubled, swapped with the next, or its neighbour on the keyboard."""
    at = chance.randrange(len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[: at + 1] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    near = NEAR.get(word[at].lower(), word[at])
    return word[:at] + chance.choice(near) + word[at + 1 :]


def typos(text: str, share: float) -> str:
    """A typo in about this share of the words of three letters or more; the same text always gives the same."""
    chance = random.Random(f"{SEED}{share}{text}")
    return " ".join(
        _typo(word, chance) if len(word) >= 3 and chance.random() < share else word for word in text.split()
    )


def sms(text: str) -> str:
    """Chat spelling: the usual short forms; of other long words, half lose the vowels inside."""
    chance = random.Random(f"{SEED}sms{text}")
    return " ".join(SMS.get(word) or _short(word, chance) for word in text.lower().split())


def _short(word: str, chance: random.Random) -> str:
    if len(word) < 5 or chance.random() < 0.5:
        return word
    return word[0] + "".join(c for c in word[1:-1] if c not in VOWELS) + word[-1]


NOISES: Mapping[str, Callable[[str], str]] = {
    "clean": str,
    "typos in 10 % of words": partial(typos, share=0.1),
    "typos in 30 % of words": partial(typos, share=0.3),
    "SMS spelling": sms,
}
