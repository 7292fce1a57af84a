"""Calendar files that any phone reads: RFC 5545 to the letter."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ics import calendar_file, folded
from bot.training import Plan, Status, Texts, Training

ZONE = ZoneInfo("Africa/Djibouti")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)


def training(title: str = "Excel", description: str = "") -> Training:
    plan = Plan(
        {"fr": Texts(title, description), "so": Texts("Excel-ka")},
        "numérique",
        "Djibouti-Ville",
        "CDC, salle 2; Balbala",
        datetime(2026, 12, 15, 9, 0, tzinfo=ZONE),
        datetime(2026, 12, 15, 12, 30, tzinfo=ZONE),
    )
    return Training(7, plan, Status.OPEN, revision=2)


def lines(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_times_are_utc_and_the_change_has_its_number() -> None:
    found = lines(calendar_file(training(), "fr", NOW))
    assert "DTSTART:20261215T060000Z" in found
    assert "DTEND:20261215T093000Z" in found
    assert "DTSTAMP:20261124T090000Z" in found
    assert "SEQUENCE:2" in found


def test_text_is_escaped() -> None:
    found = lines(
        calendar_file(training(description="Apportez:\nun cahier, un stylo; merci \\o/"), "fr", NOW)
    )
    assert "LOCATION:CDC\\, salle 2\\; Balbala\\, Djibouti-Ville" in found
    assert "DESCRIPTION:Apportez:\\nun cahier\\, un stylo\\; merci \\\\o/" in found


def test_no_line_is_over_75_octets_and_no_character_is_cut() -> None:
    file = calendar_file(
        training("Écrire à plusieurs, dans un même document, été comme hiver — é" * 3), "fr", NOW
    )
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert "SUMMARY:" in file.decode()


def test_short_lines_stay_whole() -> None:
    assert folded("a" * 75) == "a" * 75
    assert folded("a" * 76) == "a" * 75 + "\r\n a"


def test_the_file_speaks_the_persons_language_where_it_can() -> None:
    assert "SUMMARY:Excel-ka" in lines(calendar_file(training(), "so", NOW))
    assert "SUMMARY:Excel" in lines(calendar_file(training(), "aa", NOW))
