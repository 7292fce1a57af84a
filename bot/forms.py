"""How a form asks, checks, steps back, is left and is finished."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say
from bot.conversation import (
    Conversation,
    Event,
    FormEnded,
    FormStarted,
    ParkedDropped,
    SlotAnswered,
    SlotAsked,
    SlotReopened,
    SlotSet,
    SlotValue,
)
from bot.dialogue import AskAgain, Fill, Leave, Skip, Start, StepBack

FormStep = Start | Fill | Skip | StepBack | Leave | AskAgain


@dataclass(frozen=True, slots=True)
class Valid:
    """The answer, in canonical form; `also`: other slots of the form that it answers at once."""

    value: Any
    also: Mapping[str, SlotValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partial:
    """A part of the answer: kept, and the question is asked again for the rest."""

    value: Any


@dataclass(frozen=True, slots=True)
class Invalid:
    """The response that explains what is wrong with the answer; `labels` offer what may have been meant."""

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Unclear:
    """The answer leaves a doubt that this response asks about, in place of the slot's own question.

    `keeps`: slots that remember what was doubted.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    keeps: Mapping[str, SlotValue] = field(default_factory=dict)


Check = Callable[[Any, Context], Awaitable[Valid | Partial | Invalid | Unclear]]


@dataclass(frozen=True, slots=True)
class FormRules:
    """What a form needs beyond Rasa's domain.

    `optional` slots may be skipped; `decisive` slots end the form with their response when they are declined;
    `summary` is the slot that confirms: stepping back there lets the person choose what to correct;
    `values` and `labels` complete a question; `skips` names the button that skips an optional slot;
    `erasing` slots lose what was known when they are skipped: a word to go on does not do that;
    `needless` names the slots that other answers make superfluous.
    """

    checks: Mapping[str, Check]
    optional: frozenset[str] = frozenset()
    decisive: Mapping[str, str] = field(default_factory=dict)
    summary: str | None = None
    values: Callable[[str, Context], Mapping[str, Any]] = lambda slot, context: {}
    labels: Callable[[str, Context], tuple[Label, ...]] = lambda slot, context: ()
    needless: Callable[[Conversation], frozenset[str]] = lambda conversation: frozenset()
    skips: Mapping[str, str] = field(default_factory=dict)
    erasing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a step of a form gives; `finished` names the form whose last slot was just answered."""

    outcome: Outcome
    finished: str | None = None


@dataclass(frozen=True, slots=True)
class Forms:
    """Runs the steps of forms; knows every form's rules by its name."""

    rules: Mapping[str, FormRules]

    async def take(self, step: FormStep, context: Context) -> Progress:
        """Execute one step of a form in this context."""
        match step:
            case Start(form):
                return self._go_on(context, (FormStarted(form),))
            case Fill(slot, value):
                return await self._fill(context, slot, value)
            case Skip(slot, passing):
                return self._skip(context, slot, passing)
            case StepBack(slot):
                return self._step_back(context, slot)
            case Leave():
                return self._leave(context)
            case AskAgain(not_understood):
                excuse = (Say("utter_answer_not_understood"),) if not_understood else ()
                return self._go_on(context, (), excuse)

    async def _fill(self, context: Context, slot: str, value: Any) -> Progress:
        form = context.conversation.active_form or ""
        check = self.rules[form].checks.get(slot)
        result = await check(value, context) if check else Valid(value)
        match result:
            case Invalid(response, values, labels):
                return self._go_on(context, (), (Say(response, values, labels),))
            case Unclear(response, values, labels, keeps):
                kept = tuple(SlotSet(name, v) for name, v in keeps.items())
                return Progress(Outcome((*kept, SlotAsked(slot)), (Say(response, values, labels),)))
            case Partial(part):
                return self._go_on(context, (SlotSet(slot, part),), ask=slot)
            case Valid(good, also):
                given = {slot: good, **also}
                events = [event for n, v in given.items() for event in (SlotSet(n, v), SlotAnswered(n))]
                return self._go_on(context, tuple(events))

    def _skip(self, context: Context, slot: str, passing: bool) -> Progress:
        form = context.conversation.active_form or ""
        rules = self.rules[form]
        if slot in rules.decisive:
            return self._end(context, rules.decisive[slot])
        if slot in rules.optional and not (passing and slot in rules.erasing):
            return self._go_on(context, (SlotSet(slot, None), SlotAnswered(slot)))
        if slot == rules.summary and not passing:
            return self._step_back(context, None)
        return self._go_on(context, (), (Say("utter_answer_needed"),))

    def _step_back(self, context: Context, slot: str | None) -> Progress:
        now = context.conversation
        form = context.domain.forms[now.active_form or ""]
        rules = self.rules[form.name]
        if slot in form.slots:
            return self._go_on(context, (SlotReopened(str(slot)),), ask=slot)
        if now.requested_slot == rules.summary and rules.summary:
            fields = tuple(
                Label(f'/go_back{{"slot": "{name}"}}', response=f"utter_label_{name}")
                for name in form.slots
                if name not in {*rules.decisive, *rules.needless(now), rules.summary}
            )
            return Progress(Outcome(says=(Say("utter_ask_what_to_correct", labels=fields),)))
        earlier = [name for name in now.answered if name in form.slots and name not in rules.decisive]
        if not earlier:
            return self._go_on(context, (), (Say("utter_no_step_back"),))
        return self._go_on(context, (SlotReopened(earlier[-1]),), ask=earlier[-1])

    def _leave(self, context: Context) -> Progress:
        now = context.conversation
        if now.active_form:
            return self._end(context, "utter_cancelled")
        slots = tuple(s for form in now.waiting for s in context.domain.forms[form].slots)
        return Progress(
            Outcome(
                (ParkedDropped(slots),),
                (Say("utter_cancelled" if now.waiting else "utter_nothing_to_cancel"),),
            )
        )

    def _end(self, context: Context, response: str) -> Progress:
        ended = self.finish(context)
        return Progress(Outcome(ended.events, (Say(response), *ended.says)))

    def finish(self, context: Context) -> Outcome:
        """End the active form; one that waited behind it asks its question again."""
        ended = FormEnded(self.own_slots(context, context.conversation.active_form or ""))
        after = context.conversation.apply(ended)
        if after.active_form is None:
            return Outcome((ended,))
        asked = self._ask(after, context)
        return Outcome((ended, *asked.events), asked.says)

    @staticmethod
    def own_slots(context: Context, form: str) -> tuple[str, ...]:
        """The slots forgotten when the form ends; consent is the person's, not the form's."""
        return tuple(slot for slot in context.domain.forms[form].slots if slot != "consent")

    def _go_on(
        self, context: Context, events: tuple[Event, ...], says: tuple[Say, ...] = (), ask: str | None = None
    ) -> Progress:
        after = context.conversation.apply(*events)
        form = after.active_form or ""
        if ask is None and self.next_slot(context, after) is None:
            return Progress(Outcome(events, says), finished=form)
        asked = self._ask(after, context, ask)
        return Progress(Outcome((*events, *asked.events), (*says, *asked.says)))

    def next_slot(self, context: Context, conversation: Conversation) -> str | None:
        """The first slot of the active form that is neither set, skipped nor superfluous."""
        form = conversation.active_form or ""
        needless = self.rules[form].needless(conversation)
        for slot in context.domain.forms[form].slots:
            known = slot == "consent" and conversation.slot(slot) is True
            if not known and slot not in conversation.answered and slot not in needless:
                return slot
        return None

    def _ask(self, conversation: Conversation, context: Context, slot: str | None = None) -> Outcome:
        form = conversation.active_form or ""
        rules = self.rules[form]
        slot = slot or self.next_slot(context, conversation) or ""
        seen = replace(context, conversation=conversation)
        labels = rules.labels(slot, seen)
        if slot in rules.optional:
            labels = (*labels, Label("/deny", response=rules.skips.get(slot, "utter_label_skip")))
        question = Say(
            context.domain.question(form, slot),
            rules.values(slot, seen),
            labels,
            asks_contact=slot == "osc_phone",
        )
        return Outcome((SlotAsked(slot),), (question,))
