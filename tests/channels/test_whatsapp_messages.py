"""How an Outgoing looks on WhatsApp: choices by what fits, one message where it can be, within Meta's limits."""

from dataclasses import replace

import pytest

from bot.channels.long_text import units
from bot.channels.whatsapp_messages import Hints, Part, Shape, parts_of, plain, shape_of, shortened
from bot.messages import Address, Attachment, Button, Outgoing

HINTS = Hints("Choisir", "Répondez par un numéro.")
HERE = Address("whatsapp", "25377000000")
PICTURE = Attachment("k", "plan.png", "image/png")
PDF = Attachment("k", "liste.pdf", "application/pdf")


def taps(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(title, payload=f'/inform{{"n": "{number}"}}') for number, title in enumerate(titles))


def parts(message: Outgoing, media_id: str | None = None) -> list[Part]:
    return parts_of(message, media_id, HINTS)


def only(message: Outgoing, media_id: str | None = None) -> Part:
    (part,) = parts(message, media_id)
    return part


def test_text_alone_is_plain_and_without_preview() -> None:
    part = only(Outgoing(HERE, "Bonjour"))
    assert part == Part("text", {"body": "Bonjour", "preview_url": False})


def test_three_short_titles_are_buttons() -> None:
    content = only(Outgoing(HERE, "On y va ?", taps("Oui", "Non", "Plus tard"))).content
    assert content["type"] == "button"
    assert [b["reply"]["title"] for b in content["action"]["buttons"]] == ["Oui", "Non", "Plus tard"]
    assert content["action"]["buttons"][0]["reply"]["id"] == '/inform{"n": "0"}'


@pytest.mark.parametrize(
    ("titles", "text", "shape"),
    [
        (("Oui", "Non"), "x" * 1024, Shape.BUTTONS),
        (("Oui", "Non"), "x" * 1025, Shape.LIST),
        (("x" * 20,), "?", Shape.BUTTONS),
        (("x" * 21,), "?", Shape.LIST),
        (("Oui", "Oui"), "?", Shape.LIST),
        (("😀" * 11,), "?", Shape.LIST),
        (tuple("abcd"), "?", Shape.LIST),
        (tuple("abcdefghij"), "?", Shape.LIST),
        (tuple("abcdefghijk"), "?", Shape.NUMBERED),
        (("x" * 73,), "?", Shape.NUMBERED),
    ],
)
def test_choices_are_shown_by_what_fits(titles: tuple[str, ...], text: str, shape: Shape) -> None:
    assert shape_of(text, taps(*titles)) is shape


def test_long_title_of_a_list_is_whole_in_its_description() -> None:
    title = "Centre de développement communautaire"
    content = only(Outgoing(HERE, "Lequel ?", taps(title, "Autre", "Aucun"))).content
    row = content["action"]["sections"][0]["rows"][0]
    assert row["description"] == title
    assert row["title"] == "Centre de…"
    assert "description" not in content["action"]["sections"][0]["rows"][1]


def test_more_than_ten_choices_are_numbered() -> None:
    part = only(Outgoing(HERE, "Quel thème ?", taps(*"abcdefghijklmnop")))
    assert part.type == "text"
    assert part.content["body"].startswith("Quel thème ?\n\n1. a\n2. b\n")
    assert part.content["body"].endswith("16. p\n\nRépondez par un numéro.")


def test_long_text_is_cut_and_its_last_part_holds_the_choices() -> None:
    first, last = parts(Outgoing(HERE, "mot " * 1200, taps("Oui", "Non")))
    assert first.type == "text"
    assert units(first.content["body"]) <= 4096
    assert last.content["type"] == "button"


def test_lone_link_is_a_button_and_links_beside_choices_are_written_out() -> None:
    link = Button("Le site", url="https://example.org/a_b_c")
    card = only(Outgoing(HERE, "À lire", (link,))).content
    assert card["type"] == "cta_url"
    assert card["action"]["parameters"] == {"display_text": "Le site", "url": "https://example.org/a_b_c"}
    beside = only(Outgoing(HERE, "À lire", (*taps("Oui"), link))).content
    assert beside["body"]["text"] == "À lire\nLe site : https://example.org/a_b_c"


def test_request_for_a_phone_number_is_left_out() -> None:
    message = Outgoing(HERE, "Votre numéro ?", (Button("Partager", asks_contact=True),))
    assert only(message).type == "text"


def test_picture_with_buttons_is_one_message() -> None:
    content = only(Outgoing(HERE, "Le plan", taps("Oui"), attachment=PICTURE), "m1").content
    assert content["header"] == {"type": "image", "image": {"id": "m1"}}
    assert content["type"] == "button"


def test_document_has_its_name_and_a_caption_with_numbered_choices() -> None:
    part = only(Outgoing(HERE, "La liste", taps(*"abcd"), attachment=PDF), "m1")
    assert part.type == "document"
    assert part.content["filename"] == "liste.pdf"
    assert part.content["caption"] == "La liste\n\n1. a\n2. b\n3. c\n4. d\n\nRépondez par un numéro."


def test_text_too_long_for_a_caption_follows_the_file() -> None:
    media, text = parts(Outgoing(HERE, "x" * 1025, attachment=PDF), "m1")
    assert "caption" not in media.content
    assert text.type == "text"


def test_file_without_text_is_sent_alone() -> None:
    assert only(Outgoing(HERE, "", attachment=PICTURE), "m1") == Part("image", {"id": "m1"})


def test_nothing_to_say_is_no_message() -> None:
    assert parts(Outgoing(HERE, "")) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*ONG* Salaam", "∗ONG∗ Salaam"),
        ("_a_ ~b~ `c`", "ˍaˍ ∼b∼ ˋcˋ"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("nom_de_fichier", "nom_de_fichier"),
        ("https://x.dj/_a_ *oui*", "https://x.dj/_a_ ∗oui∗"),
        ("* a\n* b", "* a\n* b"),
    ],
)
def test_signs_that_would_be_markup_are_shown_as_signs(written: str, shown: str) -> None:
    assert plain(written) == shown


@pytest.mark.parametrize(
    ("title", "row"),
    [
        ("En savoir plus : E-Learning Centre Balbala (Wahlé Daba)", "E-Learning Centre…"),
        ("Faahfaahin: Tababar fogaan ah", "Tababar fogaan ah"),
        ("Inscrire mon organisation", "Inscrire mon…"),
    ],
)
def test_row_shows_what_tells_it_from_the_others(title: str, row: str) -> None:
    assert shortened(title) == row


def test_shortened_title_fits_a_row() -> None:
    for title in ("Inscrire mon organisation dans l'annuaire", "x" * 60, "😀" * 30):
        assert units(shortened(title)) <= 24


def test_language_and_opening_do_not_make_another_message() -> None:
    message = Outgoing(HERE, "a")
    assert replace(message, language="so") == message
