"""Which customers the page of the day shows: by what the last run kept of its decisions.

Common outcomes are found by walking the customers in order of name until there are enough; rare ones are
gathered in one go, since a walk would pass almost everybody by.
"""

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache

from aldia.queries.asking import ask
from aldia.queries.today_page import Asked
from aldia.queries.word_search import Words, words_asked
from aldia.records.cases.models import DailyRun
from aldia.rules.portfolio.reasons import Reason

RARE = 2_000  # customers with an outcome: so many or fewer are gathered
_KEPT_SECONDS = 24 * 3600

# Of whom nothing is booked, nothing is kept: they owe nothing. Newcomers have no decision yet.
_ROW = f"""
c.id, c.code, c.name, c.sort_name, coalesce(s.outcome, '{Reason.NOTHING_OPEN}') AS outcome,
CASE WHEN s.is_step THEN s.outcome ELSE '' END AS step, s.next_on
"""

_EVERYBODY = """
FROM parties_customer c
LEFT JOIN LATERAL (SELECT outcome, is_step, next_on FROM closing_standing
                   WHERE creditor_id = %(creditor)s AND customer_id = c.id
                   ORDER BY currency LIMIT 1) s ON true
WHERE c.creditor_id = %(creditor)s AND c.recorded_at <= %(run_at)s
"""

_NOBODYS = f"AND coalesce(s.outcome, '{Reason.NOTHING_OPEN}')"

_BEYOND = """
AND (c.sort_name, c.id) > (SELECT p.sort_name, p.id FROM parties_customer p
                           WHERE p.creditor_id = %(creditor)s AND p.id = %(after)s)
"""

_WALK_EACH = f"""
SELECT each.* FROM unnest(%(outcomes)s::text[]) w (outcome) CROSS JOIN LATERAL (
    SELECT {_ROW} {_EVERYBODY} {_NOBODYS} = w.outcome ORDER BY c.sort_name, c.id LIMIT %(most)s) each
"""

_WALK = f"SELECT {_ROW} {_EVERYBODY} {{which}} ORDER BY c.sort_name, c.id LIMIT %(most)s"

_COUNT = f"SELECT count(*) AS found {_EVERYBODY} {{which}}"

_GATHER = f"""
SELECT * FROM (
    SELECT {_ROW}, row_number() OVER (PARTITION BY s.outcome ORDER BY c.sort_name, c.id) AS place
    FROM (SELECT DISTINCT customer_id, outcome, is_step, next_on FROM closing_standing
          WHERE creditor_id = %(creditor)s AND outcome = ANY (%(outcomes)s)
          UNION ALL
          SELECT n.id, '{Reason.NOTHING_OPEN}', false, NULL::date FROM parties_customer n
          WHERE %(nothing)s AND n.creditor_id = %(creditor)s AND n.recorded_at <= %(run_at)s
            AND NOT EXISTS (SELECT FROM closing_standing k
                            WHERE k.creditor_id = %(creditor)s AND k.customer_id = n.id)) s
    JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = s.customer_id
    WHERE true {{beyond}}) each
WHERE place <= %(most)s ORDER BY sort_name, id
"""


_NAMES = """
SELECT id, code, name, sort_name FROM parties_customer
WHERE creditor_id = %(creditor)s AND id = ANY (%(ids)s) ORDER BY sort_name, id
"""

_DECIDED = ("outcome", "step", "next_on")


def first_of_each(run: DailyRun, most: int) -> list[dict[str, Any]]:
    """The first so many customers of every outcome, by name. Which ones: looked up once per recorded run."""
    key = f"aldia:first:{run.creditor_id}:{run.pk}:{run.recorded_at.timestamp()}:{most}"
    found: dict[int, dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = {row["id"]: {name: row[name] for name in _DECIDED} for row in _first_of_each(run, most)}
        cache.set(key, found, _KEPT_SECONDS)
    rows = ask(_NAMES, creditor=run.creditor_id, ids=list(found))
    return [row | found[row["id"]] for row in rows]


def _first_of_each(run: DailyRun, most: int) -> list[dict[str, Any]]:
    rare = [outcome for outcome, count in run.counts.items() if count <= RARE]
    common = [outcome for outcome in run.counts if outcome not in rare]
    rows = _ask(_WALK_EACH, run, outcomes=common, most=most) if common else []
    return rows + (_gathered(run, rare, most) if rare else [])


def matching(run: DailyRun, asked: Asked, most: int) -> tuple[list[dict[str, Any]], int]:
    """At most so many of those asked for, by name, after the last one of the page before; how many in all."""
    words = words_asked(run.creditor_id, asked.text)
    count = run.counts.get(asked.outcome, 0)
    if asked.outcome and not words.values and count <= RARE:
        return _gathered(run, [asked.outcome], most, asked.after), count
    which = (f"{_NOBODYS} = %(outcome)s" if asked.outcome else "") + words.of("c.id")
    values = {"outcome": asked.outcome, **words.values}
    beyond = _BEYOND if asked.after is not None else ""
    rows = _ask(_WALK.format(which=which + beyond), run, most=most, after=asked.after, **values)
    return rows, _found(run, which, values, words, count)


def _found(run: DailyRun, which: str, values: Mapping[str, Any], words: Words, count: int) -> int:
    if not words.values:
        return count
    return int(_ask(_COUNT.format(which=which), run, **values)[0]["found"])


def _gathered(
    run: DailyRun, outcomes: list[str], most: int, after: int | None = None
) -> list[dict[str, Any]]:
    query = _GATHER.format(beyond=_BEYOND if after is not None else "")
    nothing = Reason.NOTHING_OPEN in outcomes
    return _ask(query, run, outcomes=outcomes, most=most, after=after, nothing=nothing)


def _ask(query: str, run: DailyRun, **values: Any) -> list[dict[str, Any]]:
    return ask(query, creditor=run.creditor_id, run_at=run.recorded_at, **values)
