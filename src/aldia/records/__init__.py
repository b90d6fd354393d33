"""What the house keeps: one Django app per room, each with its constraints, row security and migrations.

A room names only earlier rooms: schema, tenancy, audit, intake, parties, ledger, cases, outreach, closing.
"""
