"""Wrong values and copies for promises to pay, their parts and what became of them."""

PROMISE_CHECKS = {
    "promise_source_is_known": "cases_promise SET source = 'dream'",
    "promise_currency_is_iso_4217": "cases_promise SET currency = 'eur'",
    "promise_amount_is_positive": "cases_promise SET amount_minor = 0",
    "promise_is_not_for_the_past": "cases_promise SET promised_on = made_on - 1",
    "promise_grace_is_not_negative": "cases_promise SET grace_days = -1",
    "promise_tolerance_is_less_than_its_amount": "cases_promise SET tolerance_minor = amount_minor",
    "promise_method_is_known": "cases_promise SET method = 'smoke'",
    "promise_line_amount_is_positive": "cases_promise_line SET amount_minor = 0",
    "promise_line_is_no_more_than_was_open": "cases_promise_line SET open_minor = amount_minor - 1",
    "promise_outcome_verdict_is_known": "cases_promise_outcome SET verdict = 'perhaps'",
    "promise_outcome_paid_is_not_negative": "cases_promise_outcome SET paid_minor = -1",
    "promise_outcome_withdrawn_says_why": "cases_promise_outcome SET verdict = 'withdrawn', reason = ''",
}

PROMISE_UNIQUES = {
    "promise_line_is_one_per_line": "cases_promise_line",
}
