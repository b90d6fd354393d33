"""What holds for the addresses of customers: consents, and refusals that came from an address they share."""

from aldia.records.parties.models import ENDING_DIGITS

# By what a refused address is sought among the contact points (`ContactPoint.sought`); whether it is the same
# number is for the rule to say.
_SOUGHT = f"""
CASE WHEN bye.channel = 'email' THEN lower(bye.address)
     ELSE right(regexp_replace(bye.address, '[^0-9]', '', 'g'), {ENDING_DIGITS}) END"""


def said(of_consents: str, of_points: str) -> str:
    """customer_id, channel, address, state, oldest first, as `rules/consents` reads it.

    Whoever said it, an address that refused is refused for all who have it, until they say otherwise
    themselves. of_consents, of_points: conditions, of the consents and of the points `p`; never input.
    """
    return f"""
SELECT customer_id, channel, address, state FROM (
    SELECT customer_id, channel, address, state, recorded_at AS at, id FROM parties_consent
    WHERE {of_consents}
    UNION ALL
    SELECT p.customer_id, bye.channel, bye.address, 'refused', bye.at, 0
    FROM outreach_opt_out bye
    JOIN parties_contact_point p ON p.creditor_id = bye.creditor_id AND p.sought = {_SOUGHT}
    WHERE p.channel <> 'post' AND (p.channel = 'email') = (bye.channel = 'email') AND {of_points}) told
ORDER BY at, id"""
