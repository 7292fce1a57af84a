"""What WhatsApp could not show is known at the start; titles it shortens are listed."""

from dataclasses import replace

import pytest

from bot.domain import Domain, Variation
from bot.errors import ContentError
from bot.messages import Button
from bot.whatsapp_parts import check_texts, shortened_titles


def changed(domain: Domain, name: str, words: Variation) -> Domain:
    return replace(domain, responses={**domain.responses, name: (words,)})


def test_all_fixed_texts_of_the_bot_can_be_shown(domain: Domain) -> None:
    check_texts(domain)


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("utter_menu", Variation("x" * 4097, (), {}), "utter_menu: over 4096 characters in fr"),
        (
            "utter_menu",
            Variation("x", (Button("y" * 73, payload="/help"),), {}),
            "a title over 72 characters",
        ),
        ("utter_label_choose", Variation("x" * 21, (), {}), "utter_label_choose: over 20 characters"),
    ],
)
def test_text_that_no_message_holds_stops_the_start(
    domain: Domain, name: str, words: Variation, told: str
) -> None:
    with pytest.raises(ContentError, match=told):
        check_texts(changed(domain, name, words))


def test_titles_too_long_for_a_row_are_listed(domain: Domain) -> None:
    long = changed(domain, "utter_label_resume", Variation("Continuer ce que nous avons commencé", (), {}))
    lines = shortened_titles(long)
    assert "utter_label_resume (so): Continuer ce que nous avons commencé → Continuer ce que nous…" in lines
    assert not [line for line in lines if line.startswith("utter_label_choose")]
