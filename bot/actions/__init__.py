"""What the bot can do: actions by the name the rules call them, and what each form needs."""

from collections.abc import Mapping

from bot.actions import (
    conversation,
    desk,
    planning,
    planning_change,
    planning_form,
    privacy,
    registration,
    reminders,
    reminding_now,
    resources,
    training_day,
    trainings,
)
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
    "action_find_training": trainings.find_training,
    "action_training_details": trainings.training_details,
    "action_enroll_training": trainings.enroll,
    "action_withdraw_training": trainings.withdraw,
    "action_my_trainings": trainings.my_trainings,
    "action_inform": training_day.inform,
    "action_keep_opinion": training_day.keep_opinion,
    "action_create_training": planning.create_training,
    "action_plan_training": planning.plan_training,
    "action_change_training": planning_change.change_training,
    "action_trigger_reminder": reminding_now.trigger_reminder,
    "action_set_reminder": reminders.set_reminder,
    "action_keep_reminder": reminders.keep_reminder,
    "action_stop_reminders": reminders.stop_reminders,
}

FORMS: Mapping[str, FormRules] = {
    "register_osc_form": registration.REGISTER_FORM,
    "update_osc_form": registration.UPDATE_FORM,
    "human_form": desk.HUMAN_FORM,
    "feedback_form": desk.FEEDBACK_FORM,
    "answer_form": desk.ANSWER_FORM,
    "opinion_form": training_day.OPINION_FORM,
    "create_training_form": planning_form.CREATE_FORM,
    "change_training_form": planning_change.CHANGE_FORM,
    "reminder_form": reminders.REMINDER_FORM,
}
"""By form; a form of the domain without an entry stops the start."""
