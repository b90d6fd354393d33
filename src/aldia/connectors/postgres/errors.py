"""What can go wrong between us and PostgreSQL, each with its Spanish sentence."""

from aldia.kernel.errors import AldiaError


class DatabaseTrouble(AldiaError):
    """The database cannot be started, reached or used as it is set up."""

    code = "database_trouble"


class HomeUnusable(DatabaseTrouble):
    """ALDIA_HOME cannot hold a server: too long, or closed to the account the server runs as."""

    code = "home_unusable"


class ServerUnreachable(DatabaseTrouble):
    """No connection within the time allowed."""

    code = "server_unreachable"


class OwnerUnknown(DatabaseTrouble):
    """Something needs the owner role, and DATABASE_OWNER_URL is not set."""

    code = "owner_unknown"
