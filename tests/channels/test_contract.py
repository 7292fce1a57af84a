"""What every platform's channel promises to the rest of the bot: the same tests for each of them."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import DeliveryError, Refused, TryLater, Unknown, Unparsable, Unreachable
from bot.messages import Button, Outgoing, Tap, Text
from tests.channels.contract_worlds import PLATFORMS, World, words, world_of


@pytest.fixture(params=PLATFORMS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with world_of(str(request.param)) as world:
        yield world


async def failure_of(world: World, message: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await world.channel.send(message or words(world))
    return caught.value


async def test_what_is_said_is_read_with_its_author_and_its_chat(world: World) -> None:
    world.says("Slt, ɖagaa 👋🏾")
    (heard,) = world.received()
    assert heard is not None
    assert heard.content == Text("Slt, ɖagaa 👋🏾")
    assert (heard.address, heard.sender.external_id) == (world.address, world.address.chat_id)
    assert heard.sent_at.tzinfo is not None


async def test_two_messages_have_two_names(world: World) -> None:
    world.says("slt")
    world.says("slt")
    assert len({heard.message_id for heard in world.received() if heard is not None}) == 2


async def test_an_event_of_no_shape_is_unparsable(world: World) -> None:
    with pytest.raises(Unparsable):
        world.channel.read({"something": "else"})


async def test_words_arrive_and_have_the_platforms_id(world: World) -> None:
    assert await world.channel.send(words(world, "Salaamata, Fatouma 👋🏾\n1. Été"))
    assert world.seen() == ["Salaamata, Fatouma 👋🏾\n1. Été"]


async def test_two_messages_sent_have_two_ids(world: World) -> None:
    assert len({await world.channel.send(words(world, text)) for text in ("un", "deux")}) == 2


@pytest.mark.parametrize("count", [1, 2, 3, 8])
async def test_a_button_brings_back_all_it_carried(world: World, count: int) -> None:
    """64 bytes, with letters of two."""
    payload = '/find_osc{"region": "Ali Sabieh", "theme": "éducation ééxxx"}'
    others = [Button(f"Choix {number}", f"/{number}") for number in range(count - 1)]
    await world.channel.send(words(world, "Laquelle ?", *others, Button("Celle-ci", payload)))
    world.taps("Celle-ci")
    assert [heard.content for heard in world.received() if heard is not None] == [Tap(payload)]


async def test_a_long_text_loses_no_word(world: World) -> None:
    text = "\n\n".join(f"Paragraphe {number}. " + "mot " * 200 for number in range(12))
    await world.channel.send(words(world, text, Button("Menu", "/help")))
    assert " ".join(world.seen()).split() == text.split()


async def test_throttling_is_told_with_a_pause_and_burns_no_try(world: World) -> None:
    world.throttles()
    error = await failure_of(world)
    assert isinstance(error, TryLater)
    assert (error.throttled, error.after > 0) == (True, True)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_trouble_of_a_server_is_tried_later_and_blames_nobody(world: World, status: int) -> None:
    world.has_trouble(status)
    error = await failure_of(world)
    assert isinstance(error, TryLater)
    assert not error.throttled


async def test_no_connection_stops_the_whole_channel_for_a_while(world: World) -> None:
    await world.goes_away()
    error = await failure_of(world)
    assert isinstance(error, TryLater)
    assert error.whole_channel


@pytest.mark.parametrize("obeyed", [False, True])
async def test_a_connection_lost_after_the_request_leaves_a_doubt(world: World, obeyed: bool) -> None:
    world.loses_connection(obeyed=obeyed)
    assert isinstance(await failure_of(world), Unknown)
    assert len(world.seen()) == int(obeyed)


async def test_a_person_who_left_is_unreachable(world: World) -> None:
    world.leaves()
    assert isinstance(await failure_of(world), Unreachable)


async def test_an_empty_text_is_refused(world: World) -> None:
    assert isinstance(await failure_of(world, words(world, "  ")), Refused)


async def test_a_file_is_fetched_by_its_id(world: World) -> None:
    assert await world.channel.fetch(world.keeps_file(b"%PDF-1.7")) == b"%PDF-1.7"


async def test_a_file_nobody_has_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        await world.channel.fetch("404")


async def test_a_file_that_cannot_be_fetched_now_is_tried_later(world: World) -> None:
    file = world.keeps_file(b"%PDF-1.7")
    await world.goes_away()
    with pytest.raises(TryLater):
        await world.channel.fetch(file)


async def test_typing_fails_for_nobody(world: World) -> None:
    await world.goes_away()
    await world.channel.show_typing(world.address)
    assert world.seen() == []


async def test_the_token_is_in_no_error_and_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await world.channel.send(words(world))
    await world.goes_away()
    error = await failure_of(world)
    assert world.secret not in f"{error} {error.__cause__!r} {caplog.text} {world.channel.traits}"
