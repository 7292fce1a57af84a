"""The chat's page as one document: its files and labels put together, and the policy that guards it.

One document, since on a 2G link every further request costs a second; revalidated by its ETag, so that a
second visit costs a few hundred bytes.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.channels.web import MAX_TEXT
from bot.errors import ContentError
from bot.web.uploads import ENDINGS, MAX_FILE

LANGUAGES = ("fr", "so", "aa")
"""The first is what other browsers' languages get and what a missing label falls back to."""

LABELS = (
    *("title", "subtitle", "welcome", "start", "menu", "options", "language", "language_name", "forget"),
    *("forget_confirm", "conversation", "placeholder", "send", "you", "bot", "typing", "new_messages"),
    *("sending", "sent", "failed", "retry", "offline", "reconnecting", "too_fast", "new_tab"),
    *("attach", "uploading", "file_too_large", "file_refused", "noscript"),
)
"""What the page says, in `domain.yml` as responses named `utter_web_<label>`."""

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    etag: str
    policy: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "ETag": self.etag,
            "Cache-Control": "no-cache",
            "Content-Language": "fr, so, aa",
            "Content-Security-Policy": self.policy,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }


def language_of(accepted: str | None) -> str:
    """The first of our languages in an Accept-Language header, else French; weights come in order anyway."""
    for part in (accepted or "").split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


def labels_of(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Complete labels per language. Raises ContentError, naming the response, where French lacks one."""
    french = texts.get(LANGUAGES[0], {})
    missing = [label for label in LABELS if not french.get(label)]
    if missing:
        names = ", ".join(f"utter_web_{label}" for label in missing)
        raise ContentError(f"domain.yml: responses: {names}: missing in French; the web page needs them")
    return {
        language: {label: texts.get(language, {}).get(label) or french[label] for label in LABELS}
        for language in LANGUAGES
    }


def compose(labels: Mapping[str, Mapping[str, str]]) -> dict[str, Page]:
    """The page per language it is first shown in; the script switches among all three."""
    style, script = _file("chat.css"), _file("line.js") + _file("chat.js")
    known = {"labels": labels, "max": MAX_TEXT, "max_file": MAX_FILE, "endings": ENDINGS}
    data = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    policy = _policy(style, script)
    shared = {
        "{{style}}": style,
        "{{script}}": script,
        # A "<" in a label must not end the element that holds the data.
        "{{data}}": data.replace("<", "\\u003c"),
    }
    return {language: _page(language, labels[language], shared, policy) for language in LANGUAGES}


def _page(language: str, labels: Mapping[str, str], shared: Mapping[str, str], policy: str) -> Page:
    text = _file("chat.html").replace("{{language}}", language)
    for label in ("title", "noscript"):
        text = text.replace(f"{{{{{label}}}}}", html.escape(labels[label]))
    for mark, content in shared.items():
        text = text.replace(mark, content)
    body = text.encode()
    return Page(body, f'W/"{hashlib.sha256(body).hexdigest()[:20]}"', policy)


def _policy(style: str, script: str) -> str:
    rules: Sequence[str] = (
        "default-src 'none'",
        f"script-src '{_digest(script)}'",
        f"style-src '{_digest(style)}'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
    return "; ".join(rules)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _file(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
