"""The report people read: figures by language and intent, confusions, calibration, a picture."""

from nlu import report
from nlu.evaluation import Pair
from nlu.examples import Example
from nlu.meaning import Interpretation, Verdict


def pair(meant: str, got: str, confidence: float, verdict: Verdict = Verdict.ACT) -> Pair:
    return Example("x", meant, "fr", ()), Interpretation("fr", True, got, confidence, verdict=verdict)


PAIRS = [
    pair("greet", "greet", 0.95),
    pair("greet", "thank", 0.92),
    pair("greet", "thank", 0.55, Verdict.ASK),
    pair("thank", "thank", 0.9),
    pair("help", "greet", 0.2, Verdict.ABSTAIN),
]


def test_confusions_come_worst_first() -> None:
    assert report.confusions(PAIRS) == [(("greet", "thank"), 2), (("help", "greet"), 1)]


def test_calibration_compares_what_is_said_with_what_is_right() -> None:
    assert [(round(said, 2), round(right, 2), n) for said, right, n in report.calibration(PAIRS)] == [
        (0.2, 0.0, 1),
        (0.55, 0.0, 1),
        (0.92, 0.67, 3),
    ]


def test_the_worst_understood_intent_is_the_first_line() -> None:
    said = list(report.lines(PAIRS))
    start = next(i for i, line in enumerate(said) if line.startswith("intent"))
    assert [line.split()[0] for line in said[start + 1 : start + 4]] == ["help", "greet", "thank"]


def test_the_page_shows_each_confusion_and_needs_nothing_else() -> None:
    page = report.page([*PAIRS, pair("<b>", "greet", 0.5)])
    assert "greet → thank: 2" in page
    assert "<svg" in page
    assert "<b>" not in page
    assert "src=" not in page
