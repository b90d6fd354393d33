"""What a program may do through the API: one word per thing, given to a token when it is made."""

from enum import StrEnum


class ApiScope(StrEnum):
    """`thing:read` looks, `thing:write` changes; neither contains the other."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    PORTFOLIO_READ = "portfolio:read"
    DECISIONS_READ = "decisions:read"
    CASES_READ = "cases:read"


LABELS = {
    ApiScope.CUSTOMERS_READ: "ver clientes",
    ApiScope.CUSTOMERS_WRITE: "dar de alta y cambiar clientes",
    ApiScope.DOCUMENTS_READ: "ver facturas y rectificativas",
    ApiScope.DOCUMENTS_WRITE: "registrar facturas y rectificativas",
    ApiScope.PAYMENTS_READ: "ver cobros",
    ApiScope.PAYMENTS_WRITE: "registrar, aplicar y anular cobros",
    ApiScope.PORTFOLIO_READ: "ver la cartera",
    ApiScope.DECISIONS_READ: "ver las decisiones y sus motivos",
    ApiScope.CASES_READ: "ver los expedientes y la cola de trabajo",
}
"""Spanish, for people who give tokens."""
