"""The forms of letters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aldia.jurisdictions.certified import CertifiedKind
from aldia.operations.letters import REASON_MAX
from aldia.records.outreach.models import CertifiedEventKind
from aldia.ui.forms import DayField, DeskForm

_RESULTS = [
    (kind.value, kind.label) for kind in CertifiedEventKind if kind is not CertifiedEventKind.HANDED_OVER
]


class DayForm(DeskForm):
    """The day the letters were posted."""

    on = DayField(label=_("Día en que se enviaron"))


class ReasonForm(DeskForm):
    """Why a letter is not posted."""

    reason = forms.CharField(
        label=_("Por qué no se envía"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandedOverForm(DeskForm):
    """With whom a certified letter went."""

    service = forms.ChoiceField(label=_("Servicio"))
    carrier = forms.CharField(
        label=_("Con quién"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )
    tracking_number = forms.CharField(
        label=_("Número de seguimiento"),
        max_length=120,
        required=False,
        help_text=_("Si todavía no lo tiene, vuelva a anotarlo aquí cuando lo sepa."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    on = DayField(label=_("Cuándo"))

    def __init__(self, kinds: tuple[CertifiedKind, ...], *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            (kind.id, kind.title) for kind in kinds
        ]


class ResultForm(DeskForm):
    """What became of a certified letter."""

    kind = forms.ChoiceField(label=_("Qué pasó"), choices=_RESULTS)
    on = DayField(label=_("Cuándo"))
    note = forms.CharField(
        label=_("Lo que convenga recordar"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CertificateForm(DeskForm):
    """A certificate as the service gave it."""

    file = forms.FileField(
        label=_("Certificado"),
        help_text=_("PDF, JPEG o PNG, hasta 10 MB. No se puede cambiar ni borrar."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
