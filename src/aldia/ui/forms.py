"""Forms in the house's style: classes of the design system, money and days as people type them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aldia.kernel.money import MINOR_MAX, minor_units, read_typed_amount
from aldia.ui.other_language import said

_CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.SelectMultiple: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.ClearableFileInput: "form-control",
}


class DeskForm(forms.Form):
    """A form whose widgets carry classes, and ties between a field, its help and its errors."""

    required_css_class = "required"

    def __init__(self, *args: Any, **names: Any) -> None:
        names.setdefault("label_suffix", "")
        super().__init__(*args, **names)
        for field in self.fields.values():
            kind = _CLASSES.get(type(field.widget), "form-control")
            known = field.widget.attrs.get("class", "")
            field.widget.attrs["class"] = f"{kind} {known}".strip()
            if isinstance(field, forms.ChoiceField) and isinstance(field.choices, list):
                field.choices = [(value, said(label)) for value, label in field.choices]


class DayField(forms.DateField):
    """A calendar day, by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MoneyField(forms.CharField):
    """An amount as people write it in the screen's country; cleans to whole minor units > 0, up to
    MINOR_MAX.

    currency: an ISO code that exists, known when the form is made (`form.fields["amount"].currency = …`).
    """

    currency = "EUR"
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "text-end"})
    default_error_messages = {
        "amount": _("«%(text)s» no es un importe: escriba por ejemplo 1.234,56."),
        "positive": _("El importe tiene que ser mayor que cero."),
        "large": _("El importe es demasiado grande."),
    }

    def to_python(self, value: Any) -> Any:
        """`1.234,56` → 123456."""
        text = super().to_python(value)
        if not text:
            return None
        minor = read_typed_amount(text, self.currency)
        if minor is None:
            raise forms.ValidationError(self.error_messages["amount"], params={"text": text[:40]})
        if minor <= 0:
            raise forms.ValidationError(self.error_messages["positive"])
        if minor > MINOR_MAX:
            raise forms.ValidationError(self.error_messages["large"])
        return minor

    def clean(self, value: Any) -> Any:
        """Whole minor units, or None where it is not required."""
        minor = self.to_python(value)
        if minor is None and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return minor

    def prepare_value(self, value: Any) -> Any:
        """Minor units as the field shows them: 123456 → `1234,56`."""
        if isinstance(value, int):
            digits = minor_units(self.currency)
            whole, rest = divmod(value, 10**digits)
            return f"{whole},{rest:0{digits}d}" if digits else str(whole)
        return value
