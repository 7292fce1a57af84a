"""What is decided from a meaning and a conversation alone."""

from bot.conversation import Conversation, FormParked, FormStarted
from bot.dialogue import Start, decide, resuming
from bot.domain import Domain
from bot.taps import read_payload


def _left(form: str) -> Conversation:
    return Conversation().apply(FormStarted(form), FormParked())


def test_every_form_left_half_way_is_taken_up_by_its_button(domain: Domain) -> None:
    for form in domain.forms:
        meaning = read_payload(resuming(form), domain)
        assert meaning is not None
        assert decide(domain, _left(form), meaning, None) == [Start(form)]


def test_button_of_a_form_that_waits_no_more_begins_nothing(domain: Domain) -> None:
    meaning = read_payload(resuming("call_form"), domain)
    assert meaning is not None
    assert not any(isinstance(step, Start) for step in decide(domain, Conversation(), meaning, None))
