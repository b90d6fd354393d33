"""The forms of the settings. Each says which values of the creditor it shows and what it stores."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aldia.operations.texts import LETTERHEAD
from aldia.records.parties.models import ConsentChannel
from aldia.records.tenancy.models import AddressForm, CopyChoice, Creditor, WindowSide
from aldia.ui.forms import DayField, DeskForm, MoneyField

_NAME_MAX, _TAX_ID_MAX, _EDGES_MAX = 200, 40, 120


class HourField(forms.TimeField):
    """An hour of the day, by the browser's own picker."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SettingsForm(DeskForm):
    """A form over a creditor: what the messages say of it, and what is on its row."""

    def __init__(self, creditor: Creditor, data: Any = None) -> None:
        super().__init__(data, initial=self.shown(creditor))
        self.creditor = creditor

    def shown(self, creditor: Creditor) -> dict[str, Any]:
        """What the form shows before anybody writes."""
        letterhead = {name: creditor.profile.get(name, "") for name in LETTERHEAD}
        return letterhead | {
            name: getattr(creditor, name, None) for name in self.base_fields if name not in letterhead
        }

    def settings(self) -> dict[str, Any]:
        """What goes on the row."""
        return {name: value for name, value in self.cleaned_data.items() if name not in LETTERHEAD}

    def letterhead(self) -> dict[str, Any]:
        """What the messages say of the creditor."""
        return {name: value for name, value in self.cleaned_data.items() if name in LETTERHEAD}


class CompanyForm(SettingsForm):
    """Who is owed, and what counts as owed."""

    name = forms.CharField(label=_("Nombre"), max_length=_NAME_MAX)
    tax_id = forms.CharField(label=_("Número fiscal"), max_length=_TAX_ID_MAX, required=False)
    phone = forms.CharField(
        label=_("Teléfono"),
        max_length=LETTERHEAD["phone"],
        required=False,
        help_text=_("En la firma de los mensajes."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    payment_instructions = forms.CharField(
        label=_("Cómo pagar"),
        max_length=LETTERHEAD["payment_instructions"],
        required=False,
        help_text=_("Va en cada mensaje que pide un pago: la cuenta, el concepto, el enlace de pago."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    street = forms.CharField(label=_("Calle y número"), max_length=120, required=False)
    postcode = forms.CharField(label=_("Código postal"), max_length=12, required=False)
    city = forms.CharField(
        label=_("Población"), max_length=80, required=False, help_text=_("Con la fecha de cada carta.")
    )
    iban = forms.CharField(
        label=_("Cuenta en la que le pagan (IBAN)"),
        max_length=42,
        required=False,
        help_text=_("Va en las cartas, con un código que se lee con el móvil si el pago es en euros."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    window_side = forms.ChoiceField(label=_("Ventana del sobre"), choices=WindowSide.choices)
    form_of_address = forms.ChoiceField(label=_("Tratamiento en los mensajes"), choices=AddressForm.choices)
    tolerance_minor = MoneyField(
        label=_("Importe que ya no cuenta"),
        required=False,
        help_text=_("Una partida de la que quede como mucho esto se da por pagada al reclamar."),
    )
    reopen_days = forms.IntegerField(
        label=_("Días para retomar"),
        help_text=_("Si la deuda vuelve antes de estos días, se sigue por donde iba."),
    )
    aging_edges = forms.CharField(
        label=_("Tramos de antigüedad"),
        max_length=_EDGES_MAX,
        help_text=_("Días en que termina cada tramo, empezando en 0: 0, 30, 60, 90, 180, 360."),
    )

    def __init__(self, creditor: Creditor, data: Any = None) -> None:
        super().__init__(creditor, data)
        self.fields["tolerance_minor"].currency = creditor.currency  # type: ignore[attr-defined]

    def shown(self, creditor: Creditor) -> dict[str, Any]:
        """The buckets as a line of numbers; no tolerance as nothing."""
        edges = ", ".join(map(str, creditor.aging_edges))
        return super().shown(creditor) | {
            "aging_edges": edges,
            "tolerance_minor": creditor.tolerance_minor or None,
        }

    def clean_tolerance_minor(self) -> int:
        """Nothing is zero."""
        return self.cleaned_data["tolerance_minor"] or 0

    def clean_aging_edges(self) -> list[int]:
        """Numbers between commas; whether they ascend is the rule's to say."""
        parts = [part.strip() for part in self.cleaned_data["aging_edges"].split(",")]
        if not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in parts):
            raise forms.ValidationError(_("Escriba días separados por comas, como 0, 30, 60, 90."))
        return [int(part) for part in parts]


class SendingForm(SettingsForm):
    """When messages may leave, how many, and when a person must look first."""

    sends_from = HourField(label=_("Desde las"), required=False)
    sends_until = HourField(label=_("Hasta las"), required=False)
    sends_on_weekends = forms.BooleanField(
        label=_("También en fin de semana, donde la ley lo permite"), required=False
    )
    messages_per_day_max = forms.IntegerField(
        label=_("Mensajes al día, como mucho"), required=False, help_text=_("Vacío: sin tope propio.")
    )
    bank_data_days_max = forms.IntegerField(
        label=_("Días de los datos de cobros"),
        required=False,
        help_text=_(
            "Días laborables. Si el último cobro importado es más viejo, no se reclama a nadie. "
            "Vacío: no se mira."
        ),
    )
    address_messages_max = forms.IntegerField(
        label=_("Mensajes a una misma dirección"),
        required=False,
        help_text=_("Entre todos los clientes que la comparten. Vacío: sin tope."),
    )
    address_days = forms.IntegerField(label=_("En cuántos días"), required=False)
    agreed_channels = forms.MultipleChoiceField(
        label=_("Canales que sus clientes autorizan en el contrato"),
        required=False,
        choices=ConsentChannel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Solo si consta por escrito. Donde hace falta permiso, como en WhatsApp o en Colombia, vale por "
            "él mientras el cliente no diga otra cosa."
        ),
    )
    unread_reply_days = forms.IntegerField(
        label=_("Días laborables que espera una respuesta sin mirar"),
        help_text=_("Mientras nadie la mire en la Bandeja, no se reclama a ese cliente. 0: no espera."),
    )
    brake_messages_max = forms.IntegerField(label=_("Más de estos mensajes en un día"))
    brake_share_percent = forms.IntegerField(label=_("O a más de este porcentaje de los clientes"))
    brake_median_times = forms.IntegerField(label=_("O más de tantas veces lo habitual"))

    copies_at_delivery = forms.ChoiceField(
        label=_("Al enviar la factura o pedir la conformidad"), choices=CopyChoice.choices
    )
    copies_in_reminders = forms.ChoiceField(
        label=_("En avisos, extractos y recordatorios"), choices=CopyChoice.choices
    )
    copies_in_demands = forms.ChoiceField(
        label=_("En avisos firmes y requerimientos"), choices=CopyChoice.choices
    )
    copies_mb_max = forms.IntegerField(
        label=_("MB de copias en un mismo correo, como mucho"),
        help_text=_("Entre 1 y 25. Lo que no cabe va con un enlace si lo hay, y el texto lo dice."),
    )
    public_url = forms.CharField(
        label=_("Dirección pública de esta página"),
        required=False,
        max_length=200,
        help_text=_(
            "Como https://aldia.suempresa.es. Con ella, de un archivo subido se puede mandar un enlace que "
            "caduca. Vacía: los archivos subidos solo pueden ir adjuntos."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address_days(self) -> int:
        """Nothing said: as it is."""
        days = self.cleaned_data["address_days"]
        return self.creditor.address_days if days is None else days


class AgreementsForm(SettingsForm):
    """How far ahead a promise or a hold may reach, and how many acts of the house are looked at."""

    promise_days_max = forms.IntegerField(
        label=_("Un compromiso de pago es, como mucho, a"),
        help_text=_("Días, entre 1 y 365. Para más tiempo está el plan de pagos."),
    )
    promise_grace_days = forms.IntegerField(
        label=_("Días de margen tras la fecha prometida"),
        help_text=_("Lo que tarda el banco. Hasta que pasan no se reclama ni se da por incumplido."),
    )
    promise_tolerance_minor = MoneyField(
        label=_("Lo que puede faltar"),
        required=False,
        help_text=_("Un compromiso al que falte como mucho esto se da por cumplido."),
    )
    hold_days_max = forms.IntegerField(
        label=_("Una pausa dura, como mucho"),
        help_text=_("Días. Toda pausa tiene un final; si hace falta, se pone otra."),
    )
    quality_sample = forms.IntegerField(
        label=_("Llamadas y mensajes que se revisan"),
        help_text=_("Por gestor y semana, elegidos al azar. 0: no se revisan."),
    )

    def __init__(self, creditor: Creditor, data: Any = None) -> None:
        super().__init__(creditor, data)
        self.fields["promise_tolerance_minor"].currency = creditor.currency  # type: ignore[attr-defined]

    def shown(self, creditor: Creditor) -> dict[str, Any]:
        """No tolerance as nothing."""
        return super().shown(creditor) | {"promise_tolerance_minor": creditor.promise_tolerance_minor or None}

    def clean_promise_tolerance_minor(self) -> int:
        """Nothing is zero."""
        return self.cleaned_data["promise_tolerance_minor"] or 0


class RunForm(SettingsForm):
    """When the day's decisions are taken, and from which invoices on."""

    run_at = HourField(
        label=_("Hora del proceso diario"),
        required=False,
        help_text=_("En la hora de la empresa. Vacío: se hace a mano."),
    )
    live_from = DayField(
        label=_("Se avisan las facturas emitidas desde"),
        required=False,
        help_text=_("Las anteriores son historia: no se les manda el aviso de que se han emitido."),
    )
