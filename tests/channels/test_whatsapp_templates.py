"""Templates against the emulated Graph API: submitted, watched, and the way from a template to the whole message."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.alerts import TroubleAlert
from bot.announcement_ticks import AnnouncementTicks
from bot.channels.whatsapp import WhatsAppChannel
from bot.channels.whatsapp_account import WhatsAppAccount, opened
from bot.channels.whatsapp_api import Graph, Phrases, WhatsAppOptions
from bot.channels.whatsapp_events import events_of
from bot.channels.whatsapp_messages import Hints
from bot.delivery import Delivery, Surroundings
from bot.intake import Intake
from bot.messages import Address
from bot.store.engine import Database
from bot.template_watch import CHANNEL, TemplateWatch, report
from bot.templates import read_templates
from bot.turn import Room, Turns
from tests.announcing import Chats, Invited, coordinator_of, draft, joined, send, start, to_everybody
from tests.channels.whatsapp_emulator import WhatsAppEmulator, graph_error
from tests.channels.whatsapp_people import Person, Sent
from tests.channels.whatsapp_rules import Limits
from tests.fakes import Chat, Clock

TEMPLATES = read_templates(Path(__file__).parents[2] / "data" / "whatsapp_templates.yml")
PHRASES = Phrases({"fr": Hints("Choisir"), "so": Hints("Dooro"), "aa": Hints("Doorit")}, TEMPLATES)


class Bell:
    alone = True

    async def wait(self, name: str, seconds: float) -> bool:
        return False


@pytest.fixture
async def meta(room: Room) -> AsyncIterator[WhatsAppEmulator]:
    clock = room.clock
    limits = Limits(lambda: clock().timestamp())
    async with WhatsAppEmulator(limits, lambda: clock().timestamp()) as emulator:
        yield emulator


@pytest.fixture
def options(meta: WhatsAppEmulator) -> WhatsAppOptions:
    return replace(meta.options(), phrases=PHRASES)


@pytest.fixture
async def account(options: WhatsAppOptions) -> AsyncIterator[WhatsAppAccount]:
    graph = Graph(options)
    yield WhatsAppAccount(graph, options)
    await graph.close()


@dataclass
class Post:
    """The bot's work on WhatsApp, step by step: webhooks in, turns, delivery out."""

    meta: WhatsAppEmulator
    intake: Intake
    turns: Turns
    delivery: Delivery
    clock: Clock
    steady: list[float]

    async def works(self) -> None:
        changes, self.meta.pending = self.meta.pending, []
        events = events_of(json.loads(self.meta.body_of(changes)))
        if changes:
            await self.intake.store("whatsapp", events)
        while await self.turns.take_one():
            pass
        while await self.delivery.deliver_due():
            self.passes(7)

    def passes(self, seconds: float) -> None:
        self.clock.passes(seconds=seconds)
        self.steady[0] += seconds


@pytest.fixture
async def post(
    database: Database, room: Room, meta: WhatsAppEmulator, options: WhatsAppOptions
) -> AsyncIterator[Post]:
    clock = room.clock
    assert isinstance(clock, Clock)
    channel = WhatsAppChannel(options, clock=clock)
    whole = replace(room, channels={**room.channels, "whatsapp": channel})
    steady = [0.0]
    around = Surroundings(steady=lambda: steady[0])
    delivery = Delivery(database, {"whatsapp": channel}, Bell(), clock, around)
    intake = Intake(database, whole.channels, clock)
    yield Post(meta, intake, Turns(database, whole), delivery, clock, steady)
    await channel.close()


async def approved(meta: WhatsAppEmulator, account: WhatsAppAccount) -> None:
    await report(TEMPLATES, account, 250, submit=True)
    for template in TEMPLATES.values():
        meta.approve(template.name)
    meta.pending.clear()


async def somali_speaker(post: Post) -> Person:
    hodan = post.meta.person("25377000001", name="Hodan")
    for words in ("salaan", "Soomaali"):
        hodan.says(words)
        await post.works()
    return hodan


def last(person: Person) -> Sent:
    return person.messages()[-1]


async def test_missing_templates_are_submitted_and_then_approved(
    meta: WhatsAppEmulator, account: WhatsAppAccount
) -> None:
    lines, well = await report(TEMPLATES, account, 250, submit=False)
    assert not well
    assert lines[0] == "osc_announcement: missing; run this again with --submit"
    lines, _ = await report(TEMPLATES, account, 250, submit=True)
    assert lines[0] == "osc_announcement: submitted, pending"
    lines, _ = await report(TEMPLATES, account, 250, submit=True)
    assert lines[0] == "osc_announcement: waits for Meta's approval"
    await approved(meta, account)
    assert await report(TEMPLATES, account, 250, submit=False) == (
        [f"{template.name}: approved" for template in TEMPLATES.values()],
        True,
    )


async def test_rejected_dearer_and_tier_are_told(meta: WhatsAppEmulator, account: WhatsAppAccount) -> None:
    await approved(meta, account)
    meta.approve("osc_announcement", status="REJECTED", rejected_reason="TAG_CONTENT_MISMATCH")
    meta.approve("osc_call_deadline", category="MARKETING")
    lines, well = await report(TEMPLATES, account, 2000, submit=False)
    assert not well
    assert "TAG_CONTENT_MISMATCH" in lines[0]
    assert any("MARKETING, the file says UTILITY" in line for line in lines)
    assert lines[-1] == "people a day: the account has 250, OSCBOT_WHATSAPP_PEOPLE_A_DAY says 2000"


@pytest.fixture
def watching(database: Database, room: Room, options: WhatsAppOptions) -> tuple[TemplateWatch, TroubleAlert]:
    watch = TemplateWatch(database, TEMPLATES, lambda: opened(options))
    return watch, TroubleAlert(database, room.domain)


async def test_coordinators_are_told_once_of_a_paused_template(
    chats: Chats,
    invited: Invited,
    meta: WhatsAppEmulator,
    account: WhatsAppAccount,
    watching: tuple[TemplateWatch, TroubleAlert],
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await approved(meta, account)
    meta.approve("osc_announcement", status="PAUSED")
    watch, alert = watching
    for _ in range(2):
        await watch.look(coordinator.clock())
        await alert.tell(coordinator.clock())
    told = [m.text for m in await coordinator.everything() if "announcement" in m.text]
    assert len(told) == 1
    assert "mis en pause par Meta" in told[0]


async def test_all_that_is_missing_is_told_in_one_message(
    chats: Chats, invited: Invited, watching: tuple[TemplateWatch, TroubleAlert]
) -> None:
    coordinator = await coordinator_of(chats, invited)
    watch, alert = watching
    await watch.look(coordinator.clock())
    before = len(await coordinator.everything())
    await alert.tell(coordinator.clock())
    (told,) = (await coordinator.everything())[before:]
    assert "announcement (absent du compte), training_reminder (absent du compte)" in told.text


async def test_template_that_comes_back_is_used_again(
    database: Database,
    room: Room,
    meta: WhatsAppEmulator,
    account: WhatsAppAccount,
    watching: tuple[TemplateWatch, TroubleAlert],
) -> None:
    watch, _ = watching
    await watch.look(room.clock())
    async with database.transaction() as tx:
        assert await tx.troubles.of(CHANNEL) == TEMPLATES.keys()
    await approved(meta, account)
    await watch.look(room.clock())
    async with database.transaction() as tx:
        assert await tx.troubles.of(CHANNEL) == set()


async def test_stopped_account_is_noted_by_the_watch(
    database: Database, meta: WhatsAppEmulator, options: WhatsAppOptions, room: Room
) -> None:
    meta.fail_next("message_templates", graph_error(190, 401))
    await TemplateWatch(database, TEMPLATES, lambda: opened(options)).look(room.clock())
    async with database.transaction() as tx:
        assert await tx.troubles.of(CHANNEL) == {"account"}


async def announced(
    coordinator: Chat,
    ticks: AnnouncementTicks,
    french: str = "Réunion lundi.",
    somali: str = "Kulan Isniinta.",
) -> None:
    await draft(coordinator, french)
    await coordinator.taps("Textes")
    await coordinator.taps("Somali")
    await coordinator.says(somali)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)


async def test_tap_on_a_template_opens_the_window_and_the_whole_follows_in_somali(
    chats: Chats, invited: Invited, ticks: AnnouncementTicks, post: Post, account: WhatsAppAccount
) -> None:
    await approved(post.meta, account)
    hodan = await somali_speaker(post)
    coordinator = await coordinator_of(chats, invited)
    post.passes(25 * 3600)
    await announced(coordinator, ticks)
    await post.works()
    told = last(hodan)
    assert told.type == "template"
    assert "Réunion lundi." in told.text
    hodan.taps("Soomaali")
    await post.works()
    assert last(hodan).text.startswith("Kulan Isniinta.")
    await announced(coordinator, ticks, somali="Mar labaad.")
    await post.works()
    assert last(hodan).text.startswith("Mar labaad.")


async def test_row_refused_by_whatsapp_for_its_window_goes_as_a_template(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks, post: Post,
    account: WhatsAppAccount,
) -> None:  # fmt: skip
    """We believe the window open, Meta does not."""
    await approved(post.meta, account)
    hodan = await somali_speaker(post)
    post.passes(25 * 3600)
    async with database.transaction() as tx:
        await tx.windows.wrote(Address("whatsapp", hodan.user_id), post.clock())
    await announced(await coordinator_of(chats, invited), ticks)
    await post.works()
    assert last(hodan).type == "template"


async def test_failed_status_for_a_closed_window_sends_the_template_later(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks, post: Post,
    account: WhatsAppAccount,
) -> None:  # fmt: skip
    await approved(post.meta, account)
    hodan = await somali_speaker(post)
    post.passes(25 * 3600)
    post.meta.late = True
    async with database.transaction() as tx:
        await tx.windows.wrote(Address("whatsapp", hodan.user_id), post.clock())
    await announced(await coordinator_of(chats, invited), ticks)
    for _ in range(3):
        await post.works()
    assert last(hodan).type == "template"


async def test_late_answer_of_a_coordinator_says_that_it_waits(
    chats: Chats, invited: Invited, post: Post, account: WhatsAppAccount, database: Database
) -> None:
    await approved(post.meta, account)
    hodan = await somali_speaker(post)
    for words in ("waxaan rabaa inaan la hadlo qof", "Xafiisku goorma ayuu furmaa?"):
        hodan.says(words)
        await post.works()
    coordinator = await joined(chats("coord"))
    await coordinator.says(f"/start {await invited('coordinator')}")
    post.passes(30 * 3600)
    async with database.transaction() as tx:
        (question,) = await tx.questions.unanswered()
    await coordinator.sends(tap=f'/review_messages{{"id": "{question.id}"}}')
    await coordinator.says("Oui, venez mardi au bureau.")
    await post.works()
    assert last(hodan).content["name"] == "osc_message_waiting"
    hodan.taps("Soomaali")
    await post.works()
    assert "Oui, venez mardi au bureau." in last(hodan).text
