"""The six questions and what may be answered, in words; and why a proposal is as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aldia.rules.start import Buyer, Charges, Decides, Form, Ground, Sells


@dataclass(frozen=True, slots=True)
class Option:
    """One answer. icon: its name, blank for none."""

    value: str
    label: str | Promise
    hint: str | Promise = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """name: of the field. many: several answers may be true."""

    name: str
    text: str | Promise
    options: tuple[Option, ...]
    hint: str | Promise = ""
    many: bool = False


SELLS = Question(
    "sells",
    _("¿Qué vende, sobre todo?"),
    (
        Option(Sells.SERVICES, _("Servicios"), _("Trabajos, horas, proyectos"), "clipboard-list"),
        Option(Sells.PRODUCTS, _("Productos"), _("Mercancía que se entrega"), "inbox"),
        Option(Sells.FEES, _("Cuotas o clases"), _("Lo mismo cada mes o cada curso"), "calendar-due"),
        Option(Sells.SUPPLY, _("Suministro"), _("Luz, agua, telefonía, alquiler"), "refresh"),
    ),
)
BUYERS = Question(
    "buyers",
    _("¿A quién?"),
    (
        Option(Buyer.BUSINESSES, _("Empresas y autónomos"), "", "building"),
        Option(Buyer.CONSUMERS, _("Particulares"), "", "user"),
        Option(Buyer.FAMILIES, _("Familias"), _("Paga una persona y disfruta otra"), "users"),
        Option(Buyer.PUBLIC_BODIES, _("Administraciones"), "", "building-bank"),
    ),
    hint=_("Marque todos los que correspondan."),
    many=True,
)
CHARGES = Question(
    "charges",
    _("¿Cómo le pagan, casi siempre?"),
    (
        Option(Charges.TRANSFER, _("Por transferencia"), "", "arrow-right"),
        Option(
            Charges.DIRECT_DEBIT,
            _("Por recibo domiciliado"),
            _("Lo carga usted en su cuenta"),
            "building-bank",
        ),
        Option(Charges.CARD, _("Con tarjeta"), "", "wallet"),
        Option(Charges.CASH, _("En efectivo"), "", "cash"),
    ),
)
FORM = Question(
    "form",
    _("¿Tú o usted?"),
    (
        Option(Form.USTED, _("De usted"), _("«Le escribimos por su factura»"), "message"),
        Option(Form.TU, _("De tú"), _("«Te escribimos por tu cuota»"), "message-circle"),
        Option(Form.VOS, _("De vos"), _("Como en Argentina"), "message-2"),
    ),
    hint=_("Cada cliente puede tener el suyo en su ficha."),
)
DECIDES = Question(
    "decides",
    _("¿Quién decide lo que sale?"),
    (
        Option(
            Decides.ALL,
            _("Todo lo apruebo yo"),
            _("Nada sale sin su sí. Para empezar, lo mejor."),
            "hand-stop",
        ),
        Option(
            Decides.FIRM,
            _("Los primeros avisos salen solos"),
            _("Lo amable sale solo; lo firme y lo formal espera su sí"),
            "mail-forward",
        ),
        Option(
            Decides.FORMAL, _("Solo apruebo lo formal"), _("Requerimientos y últimas cartas"), "shield-check"
        ),
    ),
)
QUESTIONS = (SELLS, BUYERS, CHARGES, FORM, DECIDES)
_VOS_COUNTRIES = ("AR",)


def questions_for(country: str, form: str) -> tuple[Question, ...]:
    """«Vos» is offered where people say it, and to whoever chose it."""
    if country in _VOS_COUNTRIES or form == Form.VOS:
        return QUESTIONS
    spoken = tuple(option for option in FORM.options if option.value != Form.VOS)
    return tuple(replace(each, options=spoken) if each is FORM else each for each in QUESTIONS)


GROUNDS: Mapping[Ground, str | Promise] = {
    Ground.FEES_OF_PERSONS: _(
        "Con cuotas que paga una familia, cada cuota sigue su camino, se avisa antes de que venza y se habla "
        "con la persona antes de ponerse firme."
    ),
    Ground.PERSONS: _(
        "Entre sus clientes hay personas: se va más despacio, se ofrece pagar a plazos y no se reclaman "
        "intereses que la ley no da."
    ),
    Ground.ONLY_BUSINESSES: _(
        "Vende a empresas: el aviso llega pronto, y desde lo firme se reclaman el interés y la compensación "
        "que dé la ley."
    ),
    Ground.ONLY_PUBLIC: _(
        "Vende a administraciones: pagan por procedimiento. Se pregunta por el trámite y se reclama por "
        "escrito cuando el plazo ha pasado."
    ),
    Ground.PUBLIC_ABROAD: _(
        "Para las administraciones de su país no hay todavía una estrategia propia; se tratan como empresas."
    ),
    Ground.KINDS_APART: _("Quien sea empresa o administración tiene la suya, según conste en su ficha."),
    Ground.DIRECT_DEBIT: _(
        "Cobra por recibo domiciliado: no se pide pagar el día que se carga, y el primer aviso espera a "
        "saber si se ha devuelto."
    ),
    Ground.NO_ACCEPTANCE: _("No se pide la conformidad de algo que se repite cada mes."),
}
