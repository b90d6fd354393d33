"""A customer whom one operation at a time changes."""

from aldia.queries.customers import UnknownCustomer
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor


def locked_customer(creditor: Creditor, customer_id: int) -> Customer:
    """The customer, nobody else's to change until commit: of two at the same moment the second sees what the
    first has done. Before any case or due line of theirs is locked. Raises UnknownCustomer."""
    rows = Customer.objects.select_for_update(no_key=True).filter(creditor=creditor, pk=customer_id)
    customer = rows.first()
    if customer is None:
        raise UnknownCustomer("No hay ningún cliente así.", code=str(customer_id), near=[])
    return customer
