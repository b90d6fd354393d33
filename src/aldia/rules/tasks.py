"""Tasks for people: what each kind asks for."""

from collections.abc import Mapping

TASK_WORDS: Mapping[str, str] = {
    "dunning": "Llamar al cliente",
    "check_payment": "Comprobar el pago que dice haber hecho",
    "check_dispute": "Ver con qué no está conforme",
    "offer_plan": "Proponerle un plan de pagos",
    "check_insolvency": "Comprobar si está en concurso",
    "send_copy": "Mandarle la factura o una copia",
    "callback": "Volver a llamar",
    "missing_address": "Falta una dirección para escribirle",
    "bad_address": "Su dirección no funciona: busque otra",
    "mail_failed": "Su mensaje no salió: mire por qué",
    "plan_b": "Preparar un plan B antes de que venza",
}
"""Kind of task → its words for a list. A call of the ladder is known by the title of its step."""
