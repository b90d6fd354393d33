"""The desk's addresses. Each topic has its own list in its own room."""

from django.urls import include, path

from aldia.desk import entrance, palette, preferences
from aldia.desk.customers import (
    calls,
    contacts,
    evidence,
    holds,
    kind,
    limits,
    relation,
    salesperson,
    sheet,
    statement,
    why_page,
    writing,
)
from aldia.desk.today import acts, decided, page

app_name = "desk"

_creditor = [
    path("", page.show_today, name="today"),
    path("carta/", page.show_card, name="card"),
    path("decidido/", decided.show_decided, name="decided"),
    path("aprobar/", acts.approve_units, name="approve"),
    path("omitir/", acts.skip_units, name="skip"),
    path("posponer/", acts.postpone_units, name="postpone"),
    path("cambiar/", acts.edit_unit, name="edit"),
    path("soltar/", acts.release, name="release"),
    path("tareas/<int:task_id>/", acts.close, name="close-task"),
    path("buscar/", palette.answers, name="palette"),
    path("clientes/<int:customer_id>/", sheet.show_customer, name="customer"),
    path("clientes/<int:customer_id>/por-que/", why_page.show_why, name="why"),
    path("clientes/<int:customer_id>/historia/", sheet.show_history, name="history"),
    path("clientes/<int:customer_id>/pagadas/", sheet.show_settled, name="settled"),
    path("clientes/<int:customer_id>/respuesta/", sheet.note_reply, name="reply"),
    path("clientes/<int:customer_id>/estado/", statement.statement_file, name="statement"),
    path("clientes/<int:customer_id>/contactos/", contacts.show_contacts, name="contacts"),
    path("clientes/<int:customer_id>/comercial/", salesperson.show_salesperson, name="salesperson"),
    path("clientes/<int:customer_id>/escribir/", writing.write, name="write"),
    path("clientes/<int:customer_id>/deshacer/", writing.unsend, name="unsend"),
    path("clientes/<int:customer_id>/como-paga/", kind.show_kind, name="kind"),
    path("clientes/<int:customer_id>/como-paga/cambiar/", kind.change_kind, name="kind-change"),
    path("clientes/<int:customer_id>/anotar/", calls.take_down, name="take-down"),
    path("clientes/<int:customer_id>/llamadas/<int:call_id>/", calls.correct, name="call-correct"),
    path("clientes/<int:customer_id>/limites/", limits.show_limits, name="limits"),
    path("clientes/<int:customer_id>/limites/cuando/", limits.show_outlook, name="outlook"),
    path(
        "clientes/<int:customer_id>/limites/circunstancia/", limits.add_circumstance, name="circumstance-new"
    ),
    path(
        "clientes/<int:customer_id>/limites/circunstancia/<int:circumstance_id>/",
        limits.close_circumstance,
        name="circumstance-end",
    ),
    path("clientes/<int:customer_id>/limites/permiso/", limits.add_consent, name="consent-new"),
    path("clientes/<int:customer_id>/limites/lugar/", limits.change_place, name="place"),
    path("clientes/<int:customer_id>/pausas/", holds.show_holds, name="holds"),
    path("clientes/<int:customer_id>/pausas/ficha/", holds.show_card, name="holds-card"),
    path("clientes/<int:customer_id>/pausas/nueva/", holds.add_hold, name="hold-new"),
    path("clientes/<int:customer_id>/pausas/<int:pause_id>/", holds.stop_hold, name="hold-end"),
    path("clientes/<int:customer_id>/relacion/", relation.show_relation, name="relation"),
    path("clientes/<int:customer_id>/relacion/ficha/", relation.show_card, name="relation-card"),
    path("clientes/<int:customer_id>/relacion/trato/", relation.change_for_life, name="for-life"),
    path("clientes/<int:customer_id>/relacion/plan/", relation.add_plan, name="plan-b"),
    path("clientes/<int:customer_id>/expediente/", evidence.export, name="evidence"),
    path("cola/compromisos/", include("aldia.desk.promises.urls")),
    path("cola/calidad/", include("aldia.desk.quality.urls")),
    path("cola/equipo/", include("aldia.desk.team.urls")),
    path("cola/", include("aldia.desk.worklist.urls")),
    path("panel/", include("aldia.desk.panel.urls")),
    path("clientes/", include("aldia.desk.customers.urls")),
    path("partidas/", include("aldia.desk.items.urls")),
    path("cobros/", include("aldia.desk.payments.urls")),
    path("avisos/", include("aldia.desk.alerts.urls")),
    path("bandeja/", include("aldia.desk.inbox.urls")),
    path("buzon/cartas/", include("aldia.desk.letters.urls")),
    path("buzon/", include("aldia.desk.outbox.urls")),
    path("importar/", include("aldia.desk.imports.urls")),
    path("estrategias/", include("aldia.desk.strategies.urls")),
    path("textos/", include("aldia.desk.texts.urls")),
    path("ajustes/", include("aldia.desk.settings.urls")),
    path("auditoria/", include("aldia.desk.audit.urls")),
    path("arranque/", include("aldia.desk.start.urls")),
]

urlpatterns = [
    path("", entrance.first_page, name="first"),
    path("entrar/", entrance.log_in, name="log-in"),
    path("salir/", entrance.log_out, name="log-out"),
    path("idioma/", preferences.choose_language, name="language"),
    path("acreedor/<slug:creditor>/", include(_creditor)),
]
