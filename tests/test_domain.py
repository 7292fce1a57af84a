"""The reader of the content: what contradicts itself stops the start with file, line and key."""

from pathlib import Path

import pytest

from bot.actions import ACTIONS, FORMS
from bot.domain import LANGUAGES, Domain, load_domain, placeholders
from bot.errors import ContentError

GOOD = """\
intents: [greet, affirm]
entities: [region]
slots:
  language: {type: text, mappings: [{type: custom}]}
  name: {type: text, mappings: [{type: from_text}]}
forms:
  name_form: {required_slots: [name]}
actions: [action_save]
responses:
  utter_greet:
  - text: Bonjour {name}
    buttons: [{title: Oui, payload: /affirm}]
  - text: Salaan {name}
    condition: [{type: slot, name: language, value: so}]
  - text: Salaamata
    condition: [{type: slot, name: language, value: aa}]
  utter_ask_name:
  - text: Nom ?
  - text: Magac?
    condition: [{type: slot, name: language, value: so}]
  - text: Migaq?
    condition: [{type: slot, name: language, value: aa}]
"""
RULES = """\
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
"""


def _load(folder: Path, domain: str = GOOD, rules: str = RULES) -> Domain:
    (folder / "data").mkdir()
    (folder / "domain.yml").write_text(domain, encoding="utf-8")
    (folder / "data" / "rules.yml").write_text(rules, encoding="utf-8")
    return load_domain(folder)


def test_good_content_is_read(tmp_path: Path) -> None:
    domain = _load(tmp_path)
    assert domain.words("utter_greet", "so").text == "Salaan {name}"
    assert domain.rules[0].actions == ("utter_greet",)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("payload: /affirm", "payload: /nonsense", "domain.yml:12: .*unknown intent nonsense"),
        ("[name]}", "[nome]}", "domain.yml:7: .*unknown slot nome"),
        ("  utter_ask_name:", "  utter_ask_nom:", "domain.yml:7: .*has no question"),
        (
            "value: so}]\n  - text: Salaamata",
            "value: aa}]\n  - text: Salaamata",
            "domain.yml:10: .*missing in language so",
        ),
        ("Salaan {name}", "Salaan {nam}", "domain.yml:13: .*nam.* not in the first wording"),
        ("Salaan {name}", "Salaan {name", "domain.yml:13: .*expected"),
        ("type: from_text", "type: from_thin_air", "domain.yml:5: .*unknown mapping type"),
        ("- text: Salaamata", "- txt: Salaamata", "domain.yml:15: .*needs a text"),
        ("entities: [region]", "intents: [greet]", "domain.yml:2: intents: written twice"),
    ],
)
def test_contradiction_in_the_domain_is_named_by_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(ContentError, match=complaint):
        _load(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("utter_greet", "utter_great", "rules.yml:5: .*unknown action or response utter_great"),
        ("intent: greet", "intent: greeet", "rules.yml:4: .*unknown intent greeet"),
    ],
)
def test_contradiction_in_the_rules_is_named_by_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(ContentError, match=complaint):
        _load(
            tmp_path, rules=RULES.replace(f"- {old}", f"- {new}").replace(f"action: {old}", f"action: {new}")
        )


def test_missing_domain_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"domain\.yml: cannot be read"):
        load_domain(tmp_path)


def test_every_response_of_the_project_exists_in_three_languages(domain: Domain) -> None:
    for name, variations in domain.responses.items():
        assert {v.when.get("language", "fr") for v in variations} == set(LANGUAGES), name


def test_buttons_of_a_response_are_the_same_in_each_language(domain: Domain) -> None:
    for name in domain.responses:
        payloads = {tuple(b.payload for b in domain.words(name, language).buttons) for language in LANGUAGES}
        assert len(payloads) == 1, name


def test_every_action_and_form_of_the_domain_exists_in_the_code(domain: Domain) -> None:
    assert domain.actions == ACTIONS.keys()
    assert domain.forms.keys() == FORMS.keys()


def test_every_intent_has_a_rule_or_is_handled_by_forms(domain: Domain) -> None:
    assert domain.intents - {rule.intent for rule in domain.rules} == set()


def test_placeholders_are_found() -> None:
    assert placeholders("{a} et {b}") == {"a", "b"}
