"""What the entries of the chain say, in words. A verb without words is shown as it is."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, str | Promise] = {
    "ledger.invoice_booked": _("Factura anotada"),
    "ledger.fee_booked": _("Gasto anotado"),
    "ledger.charge_note_booked": _("Nota de cargo anotada"),
    "ledger.opening_balance_booked": _("Saldo inicial anotado"),
    "ledger.documents_booked": _("Documentos anotados"),
    "ledger.credits_booked": _("Cobros y abonos anotados"),
    "ledger.payment_recorded": _("Cobro anotado"),
    "ledger.credit_note_recorded": _("Rectificativa anotada"),
    "ledger.allocated": _("Cobros aplicados"),
    "ledger.credit_allocated": _("Cobro aplicado"),
    "ledger.credit_identified": _("Cobro identificado"),
    "ledger.refunded": _("Reembolso anotado"),
    "ledger.written_off": _("Deuda dada de baja"),
    "ledger.forgiven": _("Quita concedida"),
    "ledger.credit_reversed": _("Cobro anulado"),
    "ledger.due_line_reversed": _("Vencimiento anulado"),
    "ledger.allocation_reversed": _("Aplicación deshecha"),
    "ledger.refund_reversed": _("Reembolso anulado"),
    "ledger.terms_recorded": _("Aplazamiento anotado"),
    "ledger.dispute_recorded": _("Incidencia abierta"),
    "ledger.cover_recorded": _("Efecto en curso anotado"),
    "ledger.hold_recorded": _("Pausa anotada"),
    "ledger.overlay_ended": _("Circunstancia terminada"),
    "ledger.acceptance_recorded": _("Conformidad anotada"),
    "ledger.undone": _("Importación deshecha"),
    "import.committed": _("Importación confirmada"),
    "customer.created": _("Cliente dado de alta"),
    "customer.changed": _("Cliente cambiado"),
    "customer.contacts_changed": _("Contactos de un cliente cambiados"),
    "customer.insolvent": _("Concurso del cliente anotado"),
    "run.recorded": _("Proceso diario hecho"),
    "run.released": _("Freno soltado"),
    "snapshots.backfilled": _("Cifras de días pasados completadas"),
    "outbox.approved": _("Mensajes aprobados"),
    "outbox.edited": _("Mensaje cambiado"),
    "outbox.draft_discarded": _("Cambio de un mensaje descartado"),
    "outbox.skipped": _("Mensajes omitidos"),
    "outbox.postponed": _("Mensajes pospuestos"),
    "outbox.cancelled": _("Mensajes anulados"),
    "outbox.settling": _("Mensajes enviados"),
    "outbox.sent": _("Mensajes enviados"),
    "outbox.taken_over": _("Envíos interrumpidos revisados"),
    "outbox.doubt_resolved": _("Duda de un envío resuelta"),
    "sending.stopped": _("Envíos parados"),
    "sending.resumed": _("Envíos reanudados"),
    "mail_account.changed": _("Cuenta de correo cambiada"),
    "mail_account.tested": _("Correo de prueba enviado"),
    "text.saved": _("Texto cambiado"),
    "text.reset": _("Texto de la casa recuperado"),
    "strategy.set": _("Estrategia puesta en vigor"),
    "letters.batch_made": _("Lote de cartas hecho"),
    "letters.file_taken": _("Cartas llevadas a la impresora"),
    "letters.posted": _("Cartas enviadas por correo postal"),
    "letter.put_back": _("Carta devuelta a la bandeja"),
    "letter.withdrawn": _("Carta retirada"),
    "certified.handed_over": _("Carta certificada entregada al servicio"),
    "certified.delivered": _("Carta certificada entregada"),
    "certified.refused": _("Carta certificada rehusada"),
    "certified.not_collected": _("Carta certificada no recogida"),
    "certified.returned": _("Carta certificada devuelta"),
    "certified.certificate_kept": _("Certificado de una carta guardado"),
    "view.saved": _("Vista guardada"),
    "view.renamed": _("Vista renombrada"),
    "view.deleted": _("Vista borrada"),
    "task.closed": _("Tarea cerrada"),
    "reply.recorded": _("Respuesta de un cliente anotada"),
    "creditor.created": _("Empresa creada"),
    "creditor.start_answered": _("Preguntas de arranque contestadas"),
    "creditor.settings_changed": _("Ajustes cambiados"),
    "creditor.letterhead_changed": _("Cómo pagar o teléfono cambiados"),
    "house.copied": _("Copia de seguridad hecha"),
    "house.restored": _("Copia restaurada"),
    "house.reconciled": _("Envíos desbloqueados tras recuperar una copia"),
    "user.created": _("Persona dada de alta"),
    "user.invited": _("Acceso dado a una persona"),
    "user.role_changed": _("Papel de una persona cambiado"),
    "user.access_ended": _("Acceso quitado a una persona"),
    "user.access_restored": _("Acceso devuelto a una persona"),
    "user.password_set": _("Contraseña nueva dada a una persona"),
    "user.own_password_changed": _("Contraseña propia cambiada"),
    "user.second_factor_added": _("Segundo factor activado"),
    "user.second_factor_removed": _("Segundo factor quitado"),
    "user.second_factors_removed": _("Segundo factor quitado a otra persona"),
    "user.recovery_codes_renewed": _("Códigos de recuperación renovados"),
    "api_token.created": _("Token de la API dado"),
    "api_token.revoked": _("Token de la API revocado"),
}
"""Verb → sentence."""

_SUBJECTS: Mapping[str, str | Promise] = {
    "creditor": _("la empresa"),
    "customer": _("cliente"),
    "document": _("documento"),
    "due_line": _("vencimiento"),
    "line": _("vencimiento"),
    "credit": _("cobro o abono"),
    "allocation": _("aplicación"),
    "refund": _("reembolso"),
    "reversal": _("anulación"),
    "overlay": _("circunstancia"),
    "batch": _("importación"),
    "run": _("proceso diario"),
    "message": _("mensaje"),
    "dispatch": _("envío"),
    "letter": _("carta"),
    "print_batch": _("lote de cartas"),
    "task": _("tarea"),
    "reply": _("respuesta"),
    "strategy": _("estrategia"),
    "user": _("persona"),
    "api_token": _("token"),
}


def verb_words(verb: str) -> str:
    """«Cobro anotado»."""
    return gettext(str(VERBS[verb])) if verb in VERBS else verb


def subject_words(subject: str) -> str:
    """`credit:17` → «cobro o abono 17»; what is not known stays as it is."""
    kind, _colon, rest = subject.partition(":")
    if kind not in _SUBJECTS:
        return subject
    word = gettext(str(_SUBJECTS[kind]))
    return word if kind == "creditor" else f"{word} {rest}"
