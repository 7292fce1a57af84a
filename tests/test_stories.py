"""The test stories come out on our own engine as they do on Rasa's, and a wrong story is told apart."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain import Domain, load_domain
from bot.errors import ContentError
from bot.stories import Result, read_stories, run_files, run_stories

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "tests" / "stories").glob("*.yml"))

FORMS_OF_ROLES = {
    "announcement_form",
    "answer_form",
    "answer_need_form",
    "call_form",
    "move_call_form",
    "letter_form",
    "letter_answer_form",
    "create_training_form",
    "change_training_form",
    "declare_project_form",
    "fix_project_form",
    "join_form",
    "osc_words_form",
    "opinion_form",
    "quiet_form",
}
"""Begun by a button's action, for a role or about what others registered: Rasa's stories know only their names."""

Write = Callable[[str], Path]


@pytest.fixture(scope="session")
def domain() -> Domain:
    return load_domain(ROOT)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_steps(steps: str) -> Path:
        path = tmp_path / "story.yml"
        path.write_text(f"stories:\n- story: told\n  steps:\n{steps}", encoding="utf-8")
        return path

    return write_steps


async def result_of(path: Path, domain: Domain) -> Result:
    [result] = await run_stories(read_stories(path, domain), domain)
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_every_story_comes_out_as_written(path: Path, domain: Domain) -> None:
    results = await run_stories(read_stories(path, domain), domain)
    assert results
    assert [result for result in results if result.difference] == []


def test_the_stories_speak_of_every_form_and_most_intents(domain: Domain) -> None:
    stories = [story for path in FILES for story in read_stories(path, domain)]
    turns = [turn for story in stories for turn in story.turns]
    told = {turn.meaning.intent for turn in turns}
    assert domain.intents - told == set()
    assert domain.forms.keys() - {turn.loop for turn in turns} == FORMS_OF_ROLES


async def test_a_wrong_action_is_reported_with_its_line(write: Write, domain: Domain) -> None:
    path = write("  - intent: greet\n  - action: utter_greet\n  - intent: help\n  - action: utter_greet\n")
    found = (await result_of(path, domain)).difference
    assert found is not None
    assert (found.line, found.intent, found.expected, found.happened) == (
        6,
        "help",
        ["utter_greet"],
        ["utter_help"],
    )


async def test_a_missing_action_is_a_difference(write: Write, domain: Domain) -> None:
    result = await result_of(write("  - intent: greet\n"), domain)
    assert result.difference is not None


async def test_a_form_that_should_have_ended_is_a_difference(write: Write, domain: Domain) -> None:
    steps = "  - intent: talk_to_human\n  - action: human_form\n  - active_loop: null\n"
    found = (await result_of(write(steps), domain)).difference
    assert found is not None
    assert (found.about, found.happened) == ("active_loop", "human_form")


async def test_another_slot_value_is_a_difference(write: Write, domain: Domain) -> None:
    steps = (
        "  - intent: switch_language\n    entities:\n    - language: somali\n"
        "  - action: action_switch_language\n  - slot_was_set:\n    - language: aa\n"
    )
    found = (await result_of(write(steps), domain)).difference
    assert found is not None
    assert (found.about, found.expected, found.happened) == ("slot language", "aa", "so")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("  - intent: dance\n", "unknown intent dance"),
        ("  - intent: greet\n    entities:\n    - colour: red\n", "unknown entity colour"),
        ("  - action: utter_greet\n", "a story starts with what a person says"),
        ("  - intent: greet\n  - checkpoint: here\n", "unknown step"),
        ("  - intent: greet\n  - active_loop: dance_form\n", "unknown step"),
    ],
)
def test_a_story_the_domain_does_not_know_is_refused(
    steps: str, problem: str, write: Write, domain: Domain
) -> None:
    path = write(steps)
    with pytest.raises(ContentError, match=rf"story\.yml:\d+: .*{problem}"):
        read_stories(path, domain)


async def test_the_command_fails_when_a_story_does(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write("  - intent: greet\n  - action: utter_help\n")
    assert await run_files([path]) == 1
    assert "story.yml:4: after greet, actions: expected ['utter_help']" in capsys.readouterr().out


async def test_the_results_can_be_read_by_programs(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write("  - intent: greet\n  - action: utter_greet\n")
    assert await run_files([path], as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == [{"file": str(path), "story": "told", "difference": None}]
