"""What the bot can do: actions by the name the rules call them, and what each form needs."""

from collections.abc import Mapping

from bot.actions import conversation, desk, privacy, registration, resources
from bot.actions.context import Action
from bot.forms import FormRules

ACTIONS: Mapping[str, Action] = {
    "action_first_contact": conversation.first_contact,
    "action_switch_language": conversation.switch_language,
    "action_affirm": conversation.affirm,
    "action_deny": conversation.deny,
    "action_default_fallback": conversation.fallback,
    "action_coordinators_only": conversation.coordinators_only,
    "action_my_data": privacy.my_data,
    "action_delete_my_data": privacy.delete_my_data,
    "action_search": resources.search_action,
    "action_keep_need": desk.keep_need,
    "action_send_to_human": desk.send_to_human,
    "action_keep_feedback": desk.keep_feedback,
    "action_review_messages": desk.review_messages,
    "action_send_answer": desk.send_answer,
    "action_register_osc": registration.register,
    "action_show_my_osc": registration.show_my_osc,
    "action_start_update": registration.start_update,
    "action_update_osc": registration.update,
}

FORMS: Mapping[str, FormRules] = {
    "register_osc_form": registration.REGISTER_FORM,
    "update_osc_form": registration.UPDATE_FORM,
    "human_form": desk.HUMAN_FORM,
    "feedback_form": desk.FEEDBACK_FORM,
    "answer_form": desk.ANSWER_FORM,
}
"""By form; a form of the domain without an entry stops the start."""
