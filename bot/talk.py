"""One message understood and answered: from its meaning through the planned steps to events and replies."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.actions.context import Action, Context, Label, Outcome, Say
from bot.conversation import Conversation, FormParked, FormStarted
from bot.dialogue import Run, Start, Step, after_form, decide, resuming
from bot.domain import Domain
from bot.errors import OscbotError
from bot.forms import Forms

MOST_ACTIONS = 10
FORM_LEFT_AFTER_HOURS = 12
FIRST_WORDS = frozenset({"greet", "help", "switch_language", "affirm", "deny", "thank", "out_of_scope"})
"""Intents to which, at first contact, the choice of a language is a good answer."""

PRIVATE = frozenset(
    {
        "action_create_training",
        "action_declare_project",
        "action_delete_my_data",
        "action_keep_quiet",
        "action_my_data",
        "action_my_trainings",
        "action_review_messages",
        "action_review_osc",
        "action_set_reminder",
        "action_show_my_osc",
        "action_stop_reminders",
        "action_trigger_reminder",
    }
)
"""What they say concerns one person, or the coordinators: never said before a group."""


class TooManyActions(OscbotError):
    """The rules do not come to an end; the turn is undone."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one message led to."""

    conversation: Conversation
    says: tuple[Say, ...]
    actions: tuple[str, ...]


class Talker:
    """Executes the decisions of the dialogue with the actions and forms it is given."""

    def __init__(self, domain: Domain, actions: Mapping[str, Action], forms: Forms) -> None:
        self._domain = domain
        self._actions = actions
        self._forms = forms

    async def answer(self, context: Context, typed: str | None, *, in_group: bool = False) -> Exchange:
        """`typed` is the text as written, None for a tap; in a group no form is started or continued."""
        context, left = self._put_aside(context)
        steps = decide(self._domain, context.conversation, context.meaning, typed)
        if in_group and any(_is_private(step) for step in steps):
            steps = [Run("utter_private_only")]
        exchange = await self._carry_out(context, steps)
        if left and exchange.conversation.active_form is None and exchange.conversation.waiting:
            exchange = replace(exchange, says=(*exchange.says, self._offer(left)))
        return exchange

    def _put_aside(self, context: Context) -> tuple[Context, str | None]:
        """A form nobody touched for long is not what this message answers; it is offered again instead."""
        now = context.conversation
        if now.active_form is None or now.last_seen is None:
            return context, None
        hours = (context.now - now.last_seen).total_seconds() / 3600
        if hours < FORM_LEFT_AFTER_HOURS:
            return context, None
        return replace(context, conversation=now.apply(FormParked())), now.active_form

    @staticmethod
    def _offer(form: str) -> Say:
        labels = (
            Label(resuming(form), response="utter_label_resume"),
            Label("/cancel", response="utter_label_abandon"),
        )
        return Say("utter_form_waiting", labels=labels, mentions={"form": f"utter_form_{form}"})

    async def _carry_out(self, context: Context, steps: list[Step]) -> Exchange:
        queue: deque[Step] = deque(steps)
        says: list[Say] = []
        done: list[str] = []
        while queue:
            if len(done) >= MOST_ACTIONS:
                raise TooManyActions(" → ".join(done))
            step = queue.popleft()
            if isinstance(step, Run):
                done.append(step.action)
                outcome = await self._run(step.action, context)
                if outcome.stops:
                    queue.clear()
                if any(isinstance(event, FormStarted) for event in outcome.events):
                    queue.append(Start(next(e.name for e in outcome.events if isinstance(e, FormStarted))))
            else:
                done.append(context.conversation.active_form or type(step).__name__.lower())
                progress = await self._forms.take(step, context)
                outcome = progress.outcome
                if progress.finished:
                    outcome = await self._complete(context, progress.finished, outcome, done)
            says += outcome.says
            context = replace(context, conversation=context.conversation.apply(*outcome.events))
        return Exchange(context.conversation, tuple(says), tuple(done))

    async def _complete(self, context: Context, form: str, last: Outcome, done: list[str]) -> Outcome:
        """The actions after a form, then its end; a form that waited behind it asks again."""
        events, says = list(last.events), list(last.says)
        context = replace(context, conversation=context.conversation.apply(*last.events))
        for action in after_form(self._domain, form):
            done.append(action)
            outcome = await self._run(action, context)
            events += outcome.events
            says += outcome.says
            context = replace(context, conversation=context.conversation.apply(*outcome.events))
        ended = self._forms.finish(context)
        return Outcome((*events, *ended.events), (*says, *ended.says))

    async def _run(self, action: str, context: Context) -> Outcome:
        if action in self._domain.responses:
            return Outcome(says=(Say(action),))
        return await self._actions[action](context)


def _is_private(step: Step) -> bool:
    return isinstance(step, Start) or (isinstance(step, Run) and step.action in PRIVATE)
