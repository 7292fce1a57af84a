"""Words of three languages, misspelt or not, become the French words of the resources."""

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.search_words import SearchTerms, WordReader, fold

TABLE = """stop:
  fr: ["le, la, pour"]
  so: [waa]
  aa: [kee]
weak: [association]
concepts:
  - id: law
    find: [loi]
    so: [sharci]
    aa: [madqa]
  - id: hours
    find: [horaires]
    fr: [ouvre, heures d'ouverture]
  - id: group
    find: [association]
    fr: [asso]
    so: [urur]
  - id: papers
    find: [pièces, documents à fournir]
    so: [waraaqo]
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> WordReader:
    path = tmp_path_factory.mktemp("terms") / "search_terms.yml"
    path.write_text(TABLE, encoding="utf-8")
    return WordReader(SearchTerms.load(path), ["la loi sur les impots", "horaires pieces documents fournir"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'État, c'est NOUS !", "etat est nous"),
        ("hay'ad", "hayad"),
        ("qu’est-ce qu’une œuvre", "est ce une oeuvre"),
        ("Tagórri sayyô", "tagorri sayyo"),
        ("siiiiii", "si"),
        ("107/AN/24", "107 an 24"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("language", "question", "words"),
    [
        ("fr", "la loi pour les impôts", ("loi", "les", "impots")),
        ("fr", "inpots", ("impots",)),
        ("fr", "heures d'ouverture", ("horaires",)),
        ("so", "sharciga", ("loi",)),
        ("so", "waraaqaha", ("waraaqaha",)),
        ("so", "waraaqoyinka", ("pieces", "documents fournir")),
        ("aa", "madqah", ("loi",)),
        ("fr", "madqa", ("loi",)),
        ("so", "sharcigi loi", ("loi",)),
        ("fr", "xyzzy", ("xyzzy",)),
        ("fr", "pour le", ()),
    ],
)
def test_reading(reader: WordReader, language: str, question: str, words: tuple[str, ...]) -> None:
    assert reader.read(question, language).words == words


def test_word_nearly_all_resources_hold_is_a_hint_beside_another(reader: WordReader) -> None:
    reading = reader.read("urur sharci", "so")
    assert (reading.groups, reading.hints) == (((("loi",),),), ((("association",),),))


def test_word_nearly_all_resources_hold_is_used_when_alone(reader: WordReader) -> None:
    assert reader.read("pour assos", "fr").words == ("association",)


def test_short_words_are_never_mended(reader: WordReader) -> None:
    assert reader.read("lai", "fr").words == ("lai",)


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("weak:", "week:", r"terms\.yml:1: : must hold exactly stop, weak and concepts"),
        ("so: [waa]", "so: waa", r"terms\.yml:3: stop\.so: must be a list of words"),
        ("find: [loi]", "trouve: [loi]", r"terms\.yml:7: concepts\.0: must hold id and find"),
        ("so: [urur]", "so: [1901]", r"terms\.yml:17: concepts\.2\.so: must be a list of words"),
        ("  - id: law", "  - rien\n  - id: law", r"terms\.yml:7: concepts\.0: must hold id and find"),
    ],
)
def test_mistake_in_the_table_is_told(tmp_path: Path, good: str, bad: str, told: str) -> None:
    path = tmp_path / "terms.yml"
    path.write_text(TABLE.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=told):
        SearchTerms.load(path)
