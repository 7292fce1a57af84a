"""data/whatsapp_templates.yml: what Meta would refuse stops the start, named by file, line and key."""

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.templates import NEEDED, read_templates

FILE = Path(__file__).parent.parent / "data" / "whatsapp_templates.yml"


def test_every_opening_of_the_bot_has_its_template() -> None:
    templates = read_templates(FILE)
    assert {key: set(template.names) for key, template in templates.items()} == NEEDED
    assert {template.category for template in templates.values()} == {"UTILITY"}


def test_template_is_submitted_with_named_values_and_examples() -> None:
    meta = read_templates(FILE)["training_reminder"].to_meta()
    body, _, buttons = meta["components"]
    assert "Quand : {{when}}" in body["text"]
    assert [p["param_name"] for p in body["example"]["body_text_named_params"]] == ["title", "when", "where"]
    assert [b["text"] for b in buttons["buttons"]] == ["Français", "Soomaali", "Qafar"]


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("prefix: osc", "prefix: OSC", "prefix: must be lower-case"),
        ('so: "Soomaali"', 'so: "' + "x" * 26 + '"', r"buttons\.so: has 26 characters, at most 25"),
        ('so: "Soomaali"', 'so: "Français"', "buttons: must all be different"),
        ("    category: UTILITY", "    category: utility", "must be one of UTILITY, MARKETING"),
        ("{date}", "bientôt", "call_deadline.body: must name each of date, title once"),
        (
            "Où : {where}\n\n      Pour",
            "Où : {where} {where}\n\n      Pour",
            "training_reminder.body: must name",
        ),
        (
            "Quand : {when}\n      Où : {where}",
            "{when} {where}",
            "words must stand before, between and after",
        ),
        (
            '      organisation: "Association',
            '      organism: "Association',
            "must hold exactly organisation",
        ),
        ("  profile_check:", "  profile_checks:", "templates: must be exactly announcement"),
    ],
)
def test_what_meta_would_refuse_is_told(tmp_path: Path, good: str, bad: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert good in text
    path = tmp_path / "whatsapp_templates.yml"
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=told):
        read_templates(path)
