"""Learning from use on a real database: a model not worse is used at once everywhere, a worse one is put aside."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.current_model import CurrentModel
from bot.errors import StartError
from bot.intake import Intake
from bot.interpreters import OwnInterpreter
from bot.learning import MOST_TRIES, NIGHT_HOUR, WORK, Learning, Lesson, Outcome
from bot.model_commands import ModelCommands
from bot.settings import Settings
from bot.store.alone import alone
from bot.store.bell import listening
from bot.store.bell_names import MODEL
from bot.store.engine import Database
from bot.store.model_orders import ASKED
from bot.store.model_tables import ModelState
from bot.store.models import Version
from bot.turn import Room, Turns
from bot.versions import Rollback, lesson_lines, roll_back, version_lines
from bot.workshop import CannotLearn, Workshop
from nlu.meaning import Verdict
from tests.announcing import coordinator_of, joined
from tests.fakes import Chat, Clock
from tests.learning import UNKNOWN, SmallPlace, agree, small_place

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]
POISON = ["merci", "merci beaucoup", "merci bien", "un grand merci", "merci pour tout", "merci à vous"]


@pytest.fixture(scope="session")
async def trained(tmp_path_factory: pytest.TempPathFactory) -> SmallPlace:
    """Trained once; tests work on copies."""
    place = small_place(tmp_path_factory.mktemp("trained"))
    await Workshop(place.root, place.folder, gently=False).ensure_first()
    return place


@pytest.fixture
def place(trained: SmallPlace, tmp_path: Path) -> SmallPlace:
    shutil.copytree(trained.root, tmp_path / "root")
    shutil.copytree(trained.folder, tmp_path / "var")
    return SmallPlace(tmp_path / "root", tmp_path / "var")


@dataclass(frozen=True, slots=True)
class School:
    """A bot that has begun, with its small model, and the learning beside it."""

    place: SmallPlace
    database: Database
    learning: Learning
    current: CurrentModel
    own: OwnInterpreter
    clock: Clock

    @property
    def workshop(self) -> Workshop:
        return self.learning.workshop

    async def understands(self, text: str = UNKNOWN) -> str | None:
        """The intent, None when the bot would say that it did not understand."""
        meaning = await self.own.interpret(text, "fr", self.clock().date())
        return None if meaning.verdict is Verdict.ABSTAIN else meaning.intent

    async def agrees(self, *texts: str, intent: str = "find_training") -> None:
        await agree(self.database, texts, intent, self.clock())

    async def learns(self) -> Lesson:
        return await self.learning.learn(self.clock())

    async def latest(self) -> Version:
        async with self.database.transaction() as tx:
            return (await tx.models.latest(1))[0]


@pytest.fixture
async def school(database: Database, room: Room, place: SmallPlace) -> School:
    assert isinstance(room.clock, Clock)
    workshop = Workshop(place.root, place.folder, gently=False)
    current = CurrentModel(database, workshop, room.clock)
    learning = Learning(database, room.domain, workshop, room.zone, seeds=(7,))
    return School(place, database, learning, current, await current.begin(), room.clock)


@pytest.fixture
async def elsewhere(database_url: str, place: SmallPlace, room: Room) -> AsyncIterator[CurrentModel]:
    """Another machine: its own connections and data directory, and nothing shared but PostgreSQL."""
    database = await Database.open(database_url)
    far = place.root.parent / "far"
    far.mkdir()
    shutil.copy(place.folder / "model.npz", far)
    yield CurrentModel(database, Workshop(place.root, far, gently=False), room.clock)
    await database.close()


async def last(chat: Chat) -> str:
    return (await chat.everything())[-1].text


async def test_what_is_agreed_upon_is_understood_after_without_restart(school: School) -> None:
    assert await school.understands() is None
    await school.agrees(UNKNOWN)
    lesson = await school.learns()
    assert (lesson.outcome, lesson.fresh) == (Outcome.USED, 1)
    assert await school.current.refresh()
    assert await school.understands() == "find_training"


async def test_the_whole_way_from_a_message_to_its_answer(
    school: School, room: Room, invited: Invited, database: Database
) -> None:
    intake, turns = (
        Intake(database, room.channels, room.clock),
        Turns(database, replace(room, interpreter=school.own)),
    )
    admin, member = (Chat(database, intake, turns, school.clock, name) for name in ("chief", "amina"))
    await joined(member)
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        await tx.people.consent(person.id, school.clock(), "Amina")
    await joined(admin)
    await admin.says(f"/start {await invited('admin')}")
    await member.says(UNKNOWN)
    member.hears("pas compris")
    await admin.sends(tap="/review_messages")
    for title in ("Dire le sens", "Autre…", "Formations", "Formations"):
        await admin.taps(title)
    admin.hears("Plus aucun message")
    await admin.taps("Apprendre (1)")
    admin.hears("J'apprends")
    await school.learning.tick(school.clock())
    assert "que je comprends maintenant : 1 (version" in await last(admin)
    await school.current.refresh()
    await member.says(UNKNOWN)
    member.hears("formation")
    await admin.sends(tap="/review_messages")
    assert [title for title in admin.titles if title.startswith("Apprendre")] == []


async def test_a_worse_model_is_put_aside_and_told_in_each_language(
    school: School, chats: Chats, invited: Invited
) -> None:
    french = await coordinator_of(chats, invited, "french")
    somali = await joined(chats("somali"), "Soomaali")
    await somali.says(f"/start {await invited('coordinator')}")
    await school.agrees(*POISON, intent="greet")
    lesson = await school.learns()
    assert lesson.outcome is Outcome.ASIDE
    assert not await school.current.refresh()
    assert await school.understands("merci à vous") == "thank"
    assert "– français : 10 →" in await last(french)
    assert "rien ne change pour les membres" in await last(french)
    assert "– Faransiis: 10 →" in await last(somali)
    assert (await school.latest()).state is ModelState.ASIDE
    assert any("worse: fr: right 10 →" in line for line in lesson_lines(lesson))


async def test_every_process_changes_over_when_one_has_learnt(
    school: School, elsewhere: CurrentModel
) -> None:
    far = replace(school, own=await elsewhere.begin())
    assert await far.understands() is None
    await school.agrees(UNKNOWN)
    async with listening(school.database) as bell:
        await bell.wait(MODEL, 0)  # what is rung for whoever begins to listen
        following = asyncio.create_task(elsewhere.follow(bell))
        lesson = await school.learns()
        async with asyncio.timeout(20):
            await changed_over(elsewhere, lesson.number)
        following.cancel()
    assert await far.understands() == "find_training"


async def changed_over(current: CurrentModel, number: int) -> None:
    while current.number != number:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.01)


async def test_two_processes_never_learn_at_once(school: School, database_url: str) -> None:
    await school.agrees(UNKNOWN)
    other = await Database.open(database_url)
    beside = replace(school.learning, database=other)
    async with school.database.transaction() as tx:
        await tx.model_orders.add(ASKED, school.clock())
    for _ in range(2):
        await asyncio.gather(school.learning.tick(school.clock()), beside.tick(school.clock()))
    await other.close()
    async with school.database.transaction() as tx:
        assert [version.made.learned for version in await tx.models.latest(9)] == [1, 0]


async def test_who_finds_another_at_work_leaves_it_to_them(school: School) -> None:
    await school.agrees(UNKNOWN)
    async with alone(school.database, WORK) as mine:
        assert mine
        await school.learning.tick(school.clock())
    assert (await school.latest()).made.learned == 0
    await school.learning.tick(school.clock())
    assert (await school.latest()).made.learned == 1


async def test_once_a_night_and_only_when_something_is_new(school: School) -> None:
    night = school.clock().astimezone(school.learning.zone).replace(hour=NIGHT_HOUR, minute=0)
    await school.agrees(UNKNOWN)
    await school.learning.tick(night - timedelta(minutes=1))
    assert (await school.latest()).made.learned == 0
    await school.learning.tick(night)
    assert (await school.latest()).made.learned == 1
    await school.agrees("kadiir murfaan qolof", intent="greet")
    await school.learning.tick(night + timedelta(hours=1))
    assert (await school.latest()).made.learned == 1
    await school.learning.tick(night + timedelta(days=1))
    assert (await school.latest()).made.learned == 2
    await school.learning.tick(night + timedelta(days=2))
    async with school.database.transaction() as tx:
        assert len(await tx.models.latest(9)) == 3


async def test_examples_of_ours_that_changed_are_learnt_at_the_start(school: School) -> None:
    text = school.place.examples.read_text(encoding="utf-8")
    more = f"    - les formations\n    - {UNKNOWN}\n    - {UNKNOWN} svp\n    - alors {UNKNOWN}\n"
    school.place.examples.write_text(text.replace("    - les formations\n", more), encoding="utf-8")
    restarted = replace(
        school.learning, workshop=Workshop(school.place.root, school.place.folder, gently=False)
    )
    before_the_night = school.clock().astimezone(school.learning.zone).replace(hour=0)
    await restarted.tick(before_the_night)
    assert await school.current.refresh()
    assert await school.understands() == "find_training"


async def test_a_rollback_holds_over_restarts_and_nights(school: School) -> None:
    await school.agrees(UNKNOWN)
    learnt = (await school.learns()).number
    await school.current.refresh()
    await roll_back(school.database, school.workshop, Rollback(), school.clock())
    assert await school.current.refresh()
    assert await school.understands() is None
    restarted = CurrentModel(school.database, school.workshop, school.clock)
    await restarted.begin()
    assert restarted.number == school.current.number
    school.clock.passes(days=1)
    await school.learning.tick(school.clock())
    assert not await school.current.refresh()
    async with school.database.transaction() as tx:
        versions = await tx.models.latest(9)
    assert [v.state for v in versions] == [ModelState.WITHDRAWN, ModelState.IN_USE]
    assert "taken back" in version_lines(versions, school.workshop.code)[1]
    await roll_back(school.database, school.workshop, Rollback(learnt), school.clock())
    await school.current.refresh()
    assert await school.understands() == "find_training"


async def test_a_damaged_copy_is_fetched_anew(school: School) -> None:
    (copy,) = (school.place.folder / "models").glob("*.npz")
    good = copy.read_bytes()
    copy.write_bytes(good[: len(good) // 2])
    restarted = CurrentModel(school.database, school.workshop, school.clock)
    await restarted.begin()
    assert copy.read_bytes() == good
    assert restarted.number == school.current.number


async def test_a_version_that_cannot_be_read_leaves_the_one_before(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    async with school.database.transaction() as tx:
        made = replace((await tx.models.latest(1))[0].made, made_from="broken")
        number = await tx.models.add(made, b"half a model")
        assert number is not None
        await tx.models.use(number, school.clock())
    assert not await school.current.refresh()
    assert not await school.current.refresh()
    assert caplog.text.count(f"model version {number} cannot be used, the one before stays") == 1
    assert await school.understands("merci bien") == "thank"
    spare = await CurrentModel(school.database, school.workshop, school.clock).begin()
    assert await replace(school, own=spare).understands("merci bien") == "thank"


async def test_a_disk_that_takes_nothing_leaves_the_old_model_and_says_so(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    await school.agrees(UNKNOWN)
    lesson = await school.learns()
    models = school.place.folder / "models"
    shutil.rmtree(models)
    models.write_bytes(b"")  # no folder can be made there, whoever asks
    assert not await school.current.refresh()
    assert f"model version {lesson.number} cannot be used, the one before stays" in caplog.text
    assert await school.understands() is None
    models.unlink()
    assert await school.current.refresh()
    assert await school.understands() == "find_training"


async def test_an_example_that_cannot_be_read_is_told_in_one_line_and_changes_nothing(
    school: School, chats: Chats, invited: Invited
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await school.agrees(UNKNOWN)
    school.place.examples.write_text("nlu: [", encoding="utf-8")
    with pytest.raises(CannotLearn, match=r"fr\.yml:2: ") as caught:
        await school.learns()
    assert "\n" not in str(caught.value)
    await school.learning.tick(school.clock())
    school.clock.passes(days=1)
    await school.learning.tick(school.clock())
    said = [m.text for m in await coordinator.everything() if "Je n'ai pas pu apprendre" in m.text]
    assert len(said) == 1
    assert "fr.yml:2: " in said[0]
    assert not await school.current.refresh()
    assert list(school.place.folder.glob("draft-*")) == []


async def test_without_a_test_set_nothing_is_learnt(school: School) -> None:
    shutil.rmtree(school.place.root / "tests")
    await school.agrees(UNKNOWN)
    with pytest.raises(CannotLearn, match="no test set"):
        await school.learns()


async def test_only_the_newest_versions_can_be_gone_back_to(school: School) -> None:
    async with school.database.transaction() as tx:
        first = (await tx.models.latest(1))[0]
        for k in range(4):
            await tx.models.add(replace(first.made, made_from=f"other {k}"), b"bytes")
        await tx.models.forget_old(2)
        versions = await tx.models.latest(9)
    assert [version.kept for version in versions] == [True, True, False, False, True]
    with pytest.raises(StartError, match="only its record is kept"):
        await roll_back(school.database, school.workshop, Rollback(versions[2].number), school.clock())


async def test_a_bot_that_stops_while_it_learns_goes_on_after(school: School) -> None:
    await school.agrees(UNKNOWN)
    async with school.database.transaction() as tx:
        await tx.model_orders.add(ASKED, school.clock())
    for _ in range(MOST_TRIES + 1):
        learning = asyncio.create_task(school.learning.tick(school.clock()))
        async with asyncio.timeout(20):
            await begun(school)
        learning.cancel()
        await asyncio.gather(learning, return_exceptions=True)
    assert list(school.place.folder.glob("draft-*")) == []
    await school.learning.tick(school.clock())
    assert (await school.latest()).made.learned == 1


async def begun(school: School) -> None:
    while not list(school.place.folder.glob("draft-*/in-use.npz")):  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.01)


async def test_what_ends_the_bot_each_time_is_given_up(
    school: School, chats: Chats, invited: Invited
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await school.agrees(UNKNOWN)
    async with school.database.transaction() as tx:
        await tx.model_orders.add(ASKED, school.clock())
        order = await tx.model_orders.waiting([ASKED])
        assert order is not None
        for _ in range(MOST_TRIES):
            await tx.model_orders.begin(order.id)
    await school.learning.tick(school.clock())
    assert "given up after 3 attempts" in await last(coordinator)
    async with school.database.transaction() as tx:
        assert await tx.model_orders.waiting([ASKED]) is None


async def test_the_operator_learns_lists_and_goes_back(
    school: School, room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=school.place.folder)
    commands = ModelCommands(school.database, room.domain, school.workshop, settings)
    await school.agrees(UNKNOWN)
    assert await commands.retrain() == 0
    assert "in use, with 1 newly learnt messages" in capsys.readouterr().out
    assert await commands.retrain() == 0
    assert "Nothing new to learn" in capsys.readouterr().out
    assert await commands.versions(Rollback()) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line[44:55].strip() for line in said[1:]] == ["taken back", "in use"]
    assert await commands.examples() == 0
    assert UNKNOWN in (school.place.folder / "learned" / "reviewed.yml").read_text(encoding="utf-8")
    async with school.database.transaction() as tx:
        older = replace((await school.latest()).made, code="older", made_from="older")
        number = await tx.models.add(older, b"bytes")
    with pytest.raises(StartError, match="which alone can read it"):
        await commands.versions(Rollback(number))
    with pytest.raises(StartError, match="there is no version 99"):
        await commands.versions(Rollback(99))
