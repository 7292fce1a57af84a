"""Numbers in figures and words of three languages, and what looks like one and is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.numbers import canonical, find_numbers, pieces


def found(text: str) -> list[tuple[str, str]]:
    return [(canonical(n.value), text[n.start : n.end]) for n in find_numbers(pieces(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", "45"),
        ("12 500", "12500"),
        ("12.500", "12500"),
        ("1,5", "1.5"),
        ("500k", "500000"),
        ("2M", "2000000"),
        ("500 mille", "500000"),
        ("2,5 millions", "2500000"),
        ("dix-sept", "17"),
        ("vingt et un", "21"),
        ("soixante et onze", "71"),
        ("quatre-vingt-dix-neuf", "99"),
        ("septante", "70"),
        ("quarente", "40"),
        ("trois cents", "300"),
        ("mille deux cents", "1200"),
        ("deux millions cinq cent mille", "2500000"),
        ("un million et demi", "1500000"),
        ("MILLE", "1000"),
        ("shan", "5"),
        ("sadex", "3"),
        ("kow iyo toban", "11"),
        ("shan iyo labaatan", "25"),
        ("labaatan iyo shan", "25"),
        ("laba boqol iyo shan iyo toban", "215"),
        ("laba boqol oo kun", "200000"),
        ("500 kun", "500000"),
        ("kun iyo sagaal boqol", "1900"),
        ("laba malyan iyo badh", "2500000"),
        ("nus milyan", "500000"),
        ("shan million", "5000000"),
        ("konoyu", "5"),
        ("taban kee nammay", "12"),
        ("labaatanna kee inik", "21"),
        ("bacra tabana", "80"),
        ("namma bool", "200"),
        ("tabna ke koona", "15"),
        ("une dizaine", "10"),
        ("deux douzaines", "24"),
        ("une centaine", "100"),
        ("un millier", "1000"),
        ("1 300,50", "1300.5"),
        ("1.300,50", "1300.5"),
        ("1,300.50", "1300.5"),
        ("alfi", "1000"),
        ("milyoonu", "1000000"),
    ],
)
def test_a_number_is_read_whole(text: str, value: str) -> None:
    assert found(f"ok, {text} xyz") == [(value, text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20 à 30 personnes", ["20", "30"]),
        ("20-30 qof", ["20", "30"]),
        ("labaatan ilaa soddon qof", ["20", "30"]),
        ("laba iyo saddex", ["2", "3"]),
        ("nammay kee sidoc", ["2", "3"]),
        ("vingt deux cents", ["20", "200"]),
        ("2 formations, trois ateliers", ["2", "3"]),
    ],
)
def test_two_numbers_stay_two(text: str, values: list[str]) -> None:
    assert [value for value, _ in found(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "une formation",
        "hal tababar",
        "PK12",
        "le 1er",
        "un ordinateur neuf",
        "c'est neuf",
        "merci mille fois",
        "ku hadal afar",
        "un bol",
        "le cyber",
        "soddoggay",
        "des centaines",
        "mise en quarantaine",
    ],
)
def test_an_article_or_a_name_is_no_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"), [("un", "1"), ("hal", "1"), ("neuf personnes", "9"), ("afar qof", "4")]
)
def test_an_answer_of_one_word_counts(text: str, value: str) -> None:
    assert [v for v, _ in found(text)] == [value]


_FRENCH_WORDS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
_FRENCH = _FRENCH_WORDS.split()
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_SOMALI_WORDS = "- kow laba saddex afar shan lix toddoba siddeed sagaal toban"
_SOMALI = _SOMALI_WORDS.split()
_SOMALI_TENS_WORDS = "toban labaatan soddon afartan konton lixdan toddobaatan siddeetan sagaashan"
_SOMALI_TENS = _SOMALI_TENS_WORDS.split()


def _in_french(n: int) -> str:
    """As taught at school, with hyphens between tens and units."""
    for scale, word in ((1_000_000, "millions"), (1000, "mille"), (100, "cent")):
        if n >= scale:
            many, rest = divmod(n, scale)
            head = word if many == 1 and scale < 10**6 else f"{_in_french(many)} {word}"
            return f"{head} {_in_french(rest)}" if rest else head
    if n < 17:
        return _FRENCH[n]
    if n >= 80:
        return "quatre-vingts" if n == 80 else f"quatre-vingt-{_in_french(n - 80)}"
    tens = 60 if n >= 60 else n // 10 * 10
    rest = n - tens
    if tens == 10:
        return f"dix-{_FRENCH[rest]}"
    if not rest:
        return _FRENCH_TENS[tens]
    return f"{_FRENCH_TENS[tens]}{' et ' if rest in (1, 11) else '-'}{_in_french(rest)}"


def _in_somali(n: int) -> str:
    for scale, word in ((1_000_000, "malyuun"), (1000, "kun"), (100, "boqol")):
        if n >= scale:
            many, rest = divmod(n, scale)
            head = word if many == 1 else f"{_in_somali(many)} {word}"
            return f"{head} iyo {_in_somali(rest)}" if rest else head
    tens, unit = divmod(n, 10)
    if not tens:
        return _SOMALI[unit]
    return f"{_SOMALI[unit]} iyo {_SOMALI_TENS[tens - 1]}" if unit else _SOMALI_TENS[tens - 1]


@given(st.integers(2, 99_999_999))
def test_every_number_is_read_back_from_french(n: int) -> None:
    assert [value for value, _ in found(_in_french(n))] == [str(n)]


@given(st.integers(2, 99_999).filter(lambda n: n != 4))
def test_every_number_is_read_back_from_somali(n: int) -> None:
    assert [value for value, _ in found(_in_somali(n))] == [str(n)]
