"""What each operation asks of a token. An operation that is not here does not exist (tests/api)."""

from aldia.rules.api_scopes import ApiScope

POLICY: dict[str, ApiScope] = {}
"""Operation id → the scope that its token needs; filled where operations are declared (`operation.py`)."""
