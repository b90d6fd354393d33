"""The ratios in Spanish words: what each is and how it is reckoned. docs/rules/run.md, KPIs."""

from collections.abc import Mapping

RATIO_LABELS: Mapping[str, str] = {
    "dso_simple": "Plazo medio de cobro (DSO simple)",
    "dso_countback": "Plazo medio de cobro por agotamiento (DSO)",
    "cei": "Eficacia del cobro (CEI)",
}

RATIO_FORMULAS: Mapping[str, str] = {
    "dso_simple": "pendiente ÷ facturado en los últimos 90 días × 90",
    "dso_countback": "al pendiente se le resta lo facturado mes a mes, del último hacia atrás:"
    " cada mes entero cuenta sus días y el último, su fracción",
    "cei": "(pendiente hace 30 días + facturado − pendiente hoy)"
    " ÷ (pendiente hace 30 días + facturado − no vencido hoy)",
}

STANDING_LABELS: Mapping[str, str] = {
    "entered": "Han empezado a deber",
    "cured": "Se han puesto al día",
    "rolled_forward": "Con más retraso",
    "rolled_back": "Con menos retraso",
    "stayed": "Siguen igual",
}


def bucket_words(bucket: str) -> str:
    """«sin vencer», «31–60 días», «más de 360 días», «emitido después», «cobrado o abonado»."""
    plain = {"not_due": "sin vencer", "new": "emitido después", "settled": "cobrado o abonado"}
    if bucket in plain:
        return plain[bucket]
    low, _, high = bucket.partition("_")
    return f"más de {high} días" if low == "over" else f"{low}–{high} días"
