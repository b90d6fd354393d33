"""Wrong values and copies for calls, outcomes and what is reviewed of them."""

CALL_CHECKS = {
    "outcome_code_is_plain": "cases_outcome_code SET code = 'Dos palabras'",
    "outcome_code_has_a_label": "cases_outcome_code SET label = ''",
    "call_kind_is_known": "cases_call SET kind = 'letter'",
    "call_direction_is_known": "cases_call SET direction = 'both'",
    "call_reached_is_known": "cases_call SET reached = 'ghost'",
    "call_number_status_is_known": "cases_call SET number_status = 'odd'",
    "call_reason_is_known": "cases_call SET reason = 'mood', reached = 'right_party'",
    "call_a_reason_comes_from_the_right_party": "cases_call SET reason = 'forgot', reached = 'third_party'",
    "call_has_an_outcome": "cases_call SET outcome = ''",
    "call_an_hour_has_its_day": "cases_call SET next_at = now(), next_on = NULL",
    "quality_review_is_of_one_act": "outreach_quality_review"
    " SET call_id = (SELECT min(id) FROM cases_call WHERE corrects_id IS NOT NULL),"
    " message_id = (SELECT min(id) FROM outreach_message)",
    "quality_review_marks_are_known": "outreach_quality_review SET respect = 4",
    "quality_review_is_by_somebody_else": "outreach_quality_review SET reviewer_id = member_id",
}

CALL_UNIQUES = {
    "outcome_code_is_unique": "cases_outcome_code",
    "call_is_corrected_once": "cases_call WHERE corrects_id IS NOT NULL",
    "quality_review_is_one_per_call": "outreach_quality_review WHERE call_id IS NOT NULL",
    "quality_review_is_one_per_message": "outreach_quality_review WHERE message_id IS NOT NULL",
}
