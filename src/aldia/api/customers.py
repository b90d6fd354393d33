"""Customers: listed, shown, entered, changed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest
from aldia.api.fields import After, Asks, Code, Day, Limit, Line, Name, PageOf, Tells, Text, WholeDay
from aldia.api.operation import changes, posts, reads
from aldia.kernel import clock
from aldia.operations.parties import change_customer, create_customer
from aldia.queries import pages
from aldia.queries.customers import UnknownCustomer
from aldia.queries.ledger import balances
from aldia.records.tenancy.models import Creditor
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["customers"])
Kind = Literal["consumer", "business", "public_body"]
Address = Literal["tu", "usted", "vos"]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166.")]
Language = Annotated[str, Field(pattern="^[a-z]{2}$", description="ISO 639.")]
Rate = Annotated[
    int, Field(strict=True, ge=0, le=10_000, description="Puntos básicos al año: 1015 es 10,15 %.")
]
Search = Annotated[
    Line, Field(description="Palabras del nombre, código o NIF; valen sus comienzos, sin acentos.")
]
Tags = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)]


class Customer(Tells):
    """Un cliente. `minor`: es menor de edad, así que nadie le escribe. Un texto vacío: no se sabe."""

    id: int
    code: str
    name: str
    person_kind: Kind
    tax_id: str
    language: str
    form_of_address: Address
    segment: str
    tags: list[str]
    country: str
    place: str
    contract_rate_bp: int | None
    insolvent_on: date | None
    minor: bool
    recorded_at: datetime


class Balance(Tells):
    """Hoy, en una moneda: pendiente, y cobrado o abonado sin aplicar."""

    currency: str
    open_minor: int
    unallocated_minor: int


class Point(Tells):
    """Una dirección. channel: email, phone, whatsapp o post."""

    channel: str
    value: str


class Contact(Tells):
    """A quién se escribe."""

    name: str
    role: str
    points: list[Point]


class CustomerSheet(Customer):
    """Un cliente con sus saldos y contactos."""

    balances: list[Balance]
    contacts: list[Contact]


class Customers(PageOf):
    """Una página de clientes, por orden de alta."""

    customers: list[Customer]


class SaidOfCustomer(Asks):
    """Lo que se dice de un cliente; lo que falta o es null queda como estaba, o como en un archivo sin esa
    columna. `birth_date` no se guarda: solo si es menor de edad."""

    name: Name | None = None
    person_kind: Kind | None = None
    tax_id: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    email: Annotated[str, Field(min_length=3, max_length=254)] | None = None
    phone: Annotated[str, Field(min_length=6, max_length=50)] | None = None
    language: Language | None = None
    form_of_address: Address | None = None
    segment: Name | None = None
    tags: Tags | None = None
    country: Country | None = None
    region: Name | None = None
    city: Name | None = None
    postal_code: Line | None = None
    address: Text | None = None
    contract_rate_bp: Rate | None = None
    insolvent_on: Day | None = None
    birth_date: WholeDay | None = None
    contact_name: Name | None = None
    contact_role: Name | None = None

    def details(self) -> dict[str, Any]:
        """As the operation takes it."""
        said = self.model_dump(exclude_none=True, exclude={"code", "person_kind", "contract_rate_bp"})
        if self.person_kind is not None:
            said["kind"] = self.person_kind
        if self.contract_rate_bp is not None:
            said["agreed_rate"] = Decimal(self.contract_rate_bp).scaleb(-2)
        return said


class NewCustomer(SaidOfCustomer):
    """Un cliente nuevo."""

    code: Code


@reads(router, "/customers", scope=ApiScope.CUSTOMERS_READ, gives=Customers)
def list_customers(
    request: ApiRequest,
    search: Search = "",
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Los clientes, por orden de alta."""
    page = pages.customers_page(request.auth.creditor.pk, pages.Asked(limit, after), search)
    return {"customers": page.rows, "next_after": page.next_after}


@reads(router, "/customers/{path:code}", scope=ApiScope.CUSTOMERS_READ, gives=CustomerSheet)
def get_customer(request: ApiRequest, code: Code) -> dict[str, Any]:
    """Un cliente con sus saldos y contactos."""
    return customer_sheet(request.auth.creditor, code)


@posts(router, "/customers", scope=ApiScope.CUSTOMERS_WRITE, gives=CustomerSheet)
def create_a_customer(request: ApiRequest, said: NewCustomer) -> dict[str, Any]:
    """Da de alta un cliente."""
    caller = request.auth
    customer = create_customer(
        creditor=caller.creditor,
        code=said.code,
        details=said.details(),
        actor=caller.actor,
        now=clock.now(),
    )
    return customer_sheet(caller.creditor, customer.code)


@changes(router, "/customers/{path:code}", scope=ApiScope.CUSTOMERS_WRITE, gives=CustomerSheet)
def change_a_customer(request: ApiRequest, code: Code, said: SaidOfCustomer) -> dict[str, Any]:
    """Cambia lo que se diga de un cliente; lo demás queda como está."""
    caller = request.auth
    change_customer(
        creditor=caller.creditor,
        code=code,
        details=said.details(),
        actor=caller.actor,
        now=clock.now(),
    )
    return customer_sheet(caller.creditor, code)


def customer_sheet(creditor: Creditor, code: str) -> dict[str, Any]:
    """Everything of one customer. Raises UnknownCustomer."""
    row = customer_row(creditor, code)
    return row | {
        "balances": balances(creditor.pk, row["id"]).to_dicts(),
        "contacts": pages.contacts_of(creditor.pk, row["id"]),
    }


def customer_row(creditor: Creditor, code: str) -> dict[str, Any]:
    """The customer of exactly this code. Raises UnknownCustomer."""
    row = pages.customer_of_code(creditor.pk, code)
    if row is None:
        raise UnknownCustomer(f"No hay ningún cliente con el código «{code}».", code=code, near=[])
    return row


def asked_page(creditor: Creditor, customer: str | None, after: int, limit: int) -> pages.Asked:
    """A page of one customer's rows, or of everybody's. Raises UnknownCustomer."""
    customer_id = None if customer is None else customer_row(creditor, customer)["id"]
    return pages.Asked(limit, after, customer_id)
