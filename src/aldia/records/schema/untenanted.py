"""The one list of tables without row security, each with its reason (docs: architecture, tenancy)."""

UNTENANTED = {
    "tenancy_creditor": "the registry itself: scopes are made from it",
    "tenancy_user": "a person may work for several creditors, and logs in before any scope is known",
    "tenancy_membership": "says which scopes a person may enter, so it is read before one is set",
    "tenancy_api_token": "a program says who it is before any scope is known; only digests are kept",
    "tenancy_house": "the installation's own row",
    "django_migrations": "Django's list of applied migrations",
    "django_content_type": "Django's list of models",
    "django_cache": "counters of attempts and short-lived answers, shared by all processes",
    "django_session": "log-in sessions, read before any scope is known",
    "account_emailaddress": "of the log-in library, unused: the address is the person's",
    "account_emailconfirmation": "of the log-in library, unused: nothing is confirmed by mail",
    "mfa_authenticator": "second factors of people, asked for before any scope is known",
    "auth_permission": "Django's list of permissions",
    "auth_group": "Django's groups, unused",
    "auth_group_permissions": "Django's groups, unused",
}
"""Table → why its rows belong to no creditor, or why they are read without one."""

UNTENANTED_PREFIXES = {"procrastinate_": "the job queue: its arguments are ids, never data"}
"""Beginning of table names → why."""


def is_untenanted(table: str) -> bool:
    """True for a table that is listed here."""
    return table in UNTENANTED or table.startswith(tuple(UNTENANTED_PREFIXES))
