"""A new creditor: checked, entered in the registry, with the strategies of the house."""

import re
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.es import nif
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.mx import rfc
from stdnum.pe import ruc

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import load_jurisdiction
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import minor_units
from aldia.kernel.text import fold
from aldia.operations.audit import record_event
from aldia.operations.strategies import set_strategy, store_strategy
from aldia.records.tenancy.models import Creditor, CreditorKind
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies

DEFAULT_STRATEGY = "particulares"
SEGMENT_STRATEGIES = {"pymes": "business", "administraciones": "public_body"}
_CODE_MAX = 60


class CreditorExists(AldiaError):
    """The code is taken."""

    code = "creditor_exists"


class CreditorRefused(AldiaError):
    """Something about the creditor cannot be right."""

    code = "creditor_refused"


@dataclass(frozen=True, slots=True)
class TaxIdRule:
    """How a country calls and checks its tax id. lenient: real ones fail the check digit, so only warn."""

    name: str
    module: ModuleType
    lenient: bool = False


_TAX_IDS = {
    "ES": TaxIdRule("NIF", nif),
    "MX": TaxIdRule("RFC", rfc, lenient=True),
    "PE": TaxIdRule("RUC", ruc),
    "CL": TaxIdRule("RUT", rut),
    "CO": TaxIdRule("NIT", nit),
    "AR": TaxIdRule("CUIT", cuit),
}


@dataclass(frozen=True, slots=True)
class NewCreditor:
    """The creditor as stored, and sentences about what could not be checked."""

    creditor: Creditor
    warnings: tuple[str, ...]


@transaction.atomic
def create_creditor(
    *,
    name: str,
    country: str,
    now: datetime,
    actor: str,
    code: str | None = None,
    currency: str | None = None,
    tax_id: str = "",
    time_zone: str | None = None,
    place: str = "",
    kind: CreditorKind = CreditorKind.BUSINESS,
) -> NewCreditor:
    """Enter a creditor; what it issues before its business date of `now` is history, never delivered.

    Currency and time zone are the country's where not given; the code is made from the name. Raises
    CreditorExists, CreditorRefused, UnknownCountry, UnknownCurrency, UnknownPlace.
    """
    law = load_jurisdiction(country)
    zone = time_zone or law.time_zone
    _check(name, currency or law.currency, zone, law.country, place)
    tax_id, warnings = checked_tax_id(law.country, tax_id)
    creditor = Creditor.objects.create(
        code=_free_code(code, name),
        name=name.strip(),
        tax_id=tax_id,
        country=law.country,
        currency=currency or law.currency,
        time_zone=zone,
        place=place.strip().upper(),
        creditor_kind=kind,
        live_from=business_date(now, zone),
        default_strategy=DEFAULT_STRATEGY,
    )
    with scope([creditor.pk]):
        _install_strategies(creditor, now, actor)
        record_event(
            creditor_id=creditor.pk,
            verb="creditor.created",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={"country": creditor.country, "currency": creditor.currency},
            at=now,
        )
    return NewCreditor(creditor, warnings)


def _check(name: str, currency: str, zone: str, country: str, place: str) -> None:
    if not name.strip():
        raise CreditorRefused("El acreedor necesita un nombre.")
    minor_units(currency)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CreditorRefused(
            f"El huso horario «{zone}» no existe: escríbalo como Europe/Madrid.", time_zone=zone
        ) from None
    if not place:
        return
    holidays_of(place, [])
    if place.strip().upper().partition("-")[0] != country:
        raise CreditorRefused(f"El lugar «{place}» no está en el país «{country}».", place=place)


def checked_tax_id(country: str, tax_id: str) -> tuple[str, tuple[str, ...]]:
    """The tax id in its compact form, and sentences about what was not checked. Raises CreditorRefused."""
    if not tax_id.strip():
        return "", ()
    rule = _TAX_IDS.get(country)
    if rule is None:
        return tax_id.strip(), (f"El número fiscal «{tax_id}» no se ha comprobado: no se conoce su regla.",)
    try:
        return _validated(rule, tax_id), ()
    except InvalidChecksum:
        sentence = f"El {rule.name} «{tax_id}» no es correcto: su dígito de control no coincide."
        if rule.lenient:
            return rule.module.compact(tax_id), (sentence + " Se guarda así; compruébelo.",)
        raise CreditorRefused(sentence, tax_id=tax_id) from None
    except ValidationError:
        raise CreditorRefused(
            f"«{tax_id}» no tiene la forma de un {rule.name}: revise letras y cifras.", tax_id=tax_id
        ) from None


def _validated(rule: TaxIdRule, tax_id: str) -> str:
    if rule.module is rfc:
        return str(rfc.validate(tax_id, validate_check_digits=True))
    return str(rule.module.validate(tax_id))


def _free_code(code: str | None, name: str) -> str:
    wanted = code if code is not None else _code_of(name)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", wanted) or len(wanted) > _CODE_MAX:
        raise CreditorRefused(
            f"El código «{wanted}» solo puede llevar letras sin acento, cifras, «-» y «_», hasta {_CODE_MAX}."
        )
    if Creditor.objects.filter(code=wanted).exists():
        raise CreditorExists(
            f"Ya hay un acreedor con el código «{wanted}»; no se ha cambiado nada.", code=wanted
        )
    return wanted


def _code_of(name: str) -> str:
    """«Panadería Ñu, S.L.» → `panaderia-nu-s-l`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_CODE_MAX].strip("-") or "acreedor"


def _install_strategies(creditor: Creditor, now: datetime, actor: str) -> None:
    """The default for everybody, two by segment; the others are stored for whoever wants them."""
    for name, toml in shipped_strategies().items():
        segment = SEGMENT_STRATEGIES.get(name)
        if name == DEFAULT_STRATEGY or segment:
            set_strategy(
                creditor_id=creditor.pk,
                toml=toml,
                now=now,
                actor=actor,
                segments=(segment,) if segment else (),
            )
        else:
            store_strategy(creditor_id=creditor.pk, toml=toml, actor=actor)
