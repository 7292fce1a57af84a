"""Which training a person means: by a button, by words of its title with typing mistakes, by theme, place or date."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.actions.context import Context, Label, Outcome, Say
from bot.actions.training_texts import Wordbook, payload, shortened
from bot.asked_days import Days, asked_days
from bot.search_words import fold
from bot.training import Training

SHOWN = 6
LEAST_ALIKE = 82
SHORTEST_FUZZY = 4
COMMON_WORDS = """
    formation formations atelier session stage cours pour les des une sur dans avec aux par est quelle quel
    quand inscription inscrire inscris inscrivez moi veux place details prochaine
    tababar tababarka tababarro tababarrada iyo ama waa ah ee ku ka aan doonayaa isku qor diiwaangeli goorma
    aydakaakan aydakaakanal aydakaakanak kee faxah yoo osis maysarraqa mawaqdi anke
"""
COMMON = frozenset(COMMON_WORDS.split())
"""Words that name no training, in titles and in questions."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`found`: what may be meant. `named`: whether the message said anything that tells trainings apart."""

    found: Sequence[Training]
    named: bool

    @property
    def one(self) -> Training | None:
        """The training meant, if there is no doubt."""
        return self.found[0] if self.named and len(self.found) == 1 else None


def choose(context: Context, candidates: Sequence[Training]) -> Choice:
    """Among these, what the message means; all of them when it names none."""
    if named := _by_name(context, candidates):
        return Choice(named, named=True)
    by_title = _by_title(context.text, candidates)
    if len(by_title) == 1:
        return Choice(by_title, named=True)
    fitting = [training for training in by_title or candidates if _fits(context, training)]
    if names_something(context):
        return Choice(fitting or by_title, named=True)
    if by_title:
        return Choice(by_title, named=True)
    return Choice(candidates, named=False)


def last_shown(context: Context, candidates: Sequence[Training]) -> Training | None:
    """The training the conversation is about."""
    shown = context.conversation.words("training")
    return next((training for training in candidates if str(training.id) == shown), None)


def names_something(context: Context) -> bool:
    return any(context.entity(name) for name in ("theme", "region", "place")) or _days(context) is not None


def _days(context: Context) -> Days | None:
    return asked_days(context.text, context.meaning.entities, context.now.astimezone(context.zone).date())


def _by_name(context: Context, candidates: Sequence[Training]) -> Sequence[Training]:
    """Those whose name stands in the message; several when they share it, unless a place or a day decides."""
    values = {e.value for e in context.meaning.entities if e.name == "training"}
    named = [training for training in candidates if str(training.id) in values]
    return [training for training in named if _fits(context, training)] or named


def _by_title(text: str, candidates: Sequence[Training]) -> list[Training]:
    said = [word for word in fold(text).split() if word not in COMMON]
    scores = {training.id: _score(said, training) for training in candidates}
    best = max(scores.values(), default=0)
    return [training for training in candidates if best and scores[training.id] == best]


def _score(said: Sequence[str], training: Training) -> int:
    """Words of the title that were said, in the language where most were."""
    titles = [fold(texts.title).split() for texts in training.plan.texts.values()]
    return max(sum(any(_alike(word, w) for w in said) for word in set(title) - COMMON) for title in titles)


def _alike(word: str, said: str) -> bool:
    if len(word) < SHORTEST_FUZZY or len(said) < SHORTEST_FUZZY:
        return word == said and len(word) > 1
    return fuzz.ratio(word, said) >= LEAST_ALIKE


def _fits(context: Context, training: Training) -> bool:
    """Every kind of demand holds: the theme is one of those named, the place too."""
    plan = training.plan

    def named(entity: str) -> list[str]:
        return [e.value for e in context.meaning.entities if e.name == entity]

    first = plan.starts_at.astimezone(context.zone).date()
    last = plan.ends_at.astimezone(context.zone).date()
    days = _days(context)
    demands = (
        (themes := named("theme"), plan.theme in themes),
        (regions := named("region"), plan.region in regions),
        (places := named("place"), any(fold(p) in fold(f"{plan.place} {plan.region}") for p in places)),
        (days, days is not None and days.touch(Days(first, last))),
    )
    return all(holds for asked, holds in demands if asked)


def ask_which(context: Context, response: str, trainings: Sequence[Training], tell: str = "") -> Outcome:
    """A button for each; the same intent comes back with its number."""
    words = wordbook(context)
    extra = {"tell": tell} if tell else {}
    labels = tuple(
        Label(
            payload(context.meaning.intent, id=training.id, **extra),
            title=f"{shortened(words.title(training))} · {words.short_day(training.plan.starts_at)}",
        )
        for training in trainings[:SHOWN]
    )
    return Outcome(says=(Say(response, labels=labels),))


def wordbook(context: Context) -> Wordbook:
    return Wordbook(context.domain, context.conversation.language, context.zone)


def number_of(context: Context) -> int | None:
    """The id a button carried, when it is the number of a training."""
    given = context.entity("id") or ""
    return int(given) if given.isdigit() and len(given) < 10 else None
