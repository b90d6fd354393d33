"""Wrong values and copies for teams, collectors, cases and what hangs on them."""

CASE_CHECKS = {
    "creditor_promises_and_holds_have_bounds": "tenancy_creditor SET promise_days_max = 0",
    "creditor_large_account_is_positive": "tenancy_creditor SET large_account_minor = 0",
    "team_has_a_name": "cases_team SET name = ''",
    "collector_works_at_least_one_case_a_day": "cases_collector SET cases_per_day = 0",
    "case_state_is_known": "cases_case SET state = 'lost'",
    "case_is_closed_iff_it_has_an_end": "cases_case SET closed_on = opened_on",
    "case_closes_no_earlier_than_it_opens": "cases_case SET state = 'closed', closed_on = opened_on - 1",
    "case_priority_is_known": "cases_case SET priority = 2",
    "case_an_hour_has_its_day": "cases_case SET next_at = now(), next_on = NULL",
    "case_reopened_is_not_negative": "cases_case SET reopened_times = -1",
    "case_version_begins_at_one": "cases_case SET version = 0",
    "case_event_kind_is_known": "cases_case_event SET kind = 'sung'",
    "case_note_says_something": "cases_case_note SET text = ''",
    "plan_b_says_something": "cases_plan_b SET text = ''",
    "kind_judgement_kind_is_known": "cases_kind_judgement SET kind = 'rascal'",
}

CASE_UNIQUES = {
    "team_name_is_unique": "cases_team",
    "collector_is_one_per_member": "cases_collector",
    "case_is_one_open_per_customer": "cases_case WHERE state <> 'closed'",
    "case_note_is_withdrawn_once": "cases_case_note WHERE withdraws_id IS NOT NULL",
    "case_lock_is_one_per_case": "cases_case_lock",
}
