"""Questions to coordinators: kept until answered, answered once."""

from datetime import UTC, datetime, timedelta

from bot.store.engine import Database
from bot.store.questions import NewQuestion, QuestionKind

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def question(text: str, kind: QuestionKind = QuestionKind.TO_HUMAN, minutes: int = 0) -> NewQuestion:
    return NewQuestion(
        "web:1::", kind, text, "so", NOW + timedelta(minutes=minutes), context={"intent": "help"}
    )


async def test_question_is_kept_whole(database: Database) -> None:
    async with database.transaction() as tx:
        number = await tx.questions.add(question("Ma jiraa maalgelin?"))
        found = await tx.questions.get(number)
    assert found is not None
    assert (found.text, found.kind, found.context) == (
        "Ma jiraa maalgelin?",
        QuestionKind.TO_HUMAN,
        {"intent": "help"},
    )


async def test_unanswered_questions_come_oldest_first(database: Database) -> None:
    async with database.transaction() as tx:
        for text, minutes in (("second", 2), ("first", 1)):
            await tx.questions.add(question(text, minutes=minutes))
        found = await tx.questions.unanswered()
    assert [item.text for item in found] == ["first", "second"]


async def test_one_kind_can_be_asked_for(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.questions.add(question("praise", QuestionKind.FEEDBACK))
        await tx.questions.add(question("lost", QuestionKind.NOT_UNDERSTOOD))
        found = await tx.questions.unanswered(kind=QuestionKind.NOT_UNDERSTOOD)
    assert [item.text for item in found] == ["lost"]


async def test_question_is_answered_once(database: Database) -> None:
    async with database.transaction() as tx:
        number = await tx.questions.add(question("?"))
        assert await tx.questions.answer(number, "haa", NOW)
        assert not await tx.questions.answer(number, "maya", NOW)
        found = await tx.questions.get(number)
        assert await tx.questions.count_unanswered() == 0
    assert found is not None
    assert found.answer == "haa"


async def test_wish_to_be_told_later_is_kept(database: Database) -> None:
    async with database.transaction() as tx:
        number = await tx.questions.add(question("?"))
        await tx.questions.tell_later(number)
        found = await tx.questions.lock(number)
    assert found is not None
    assert found.tell_later
