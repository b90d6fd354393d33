"""Addresses: letters."""

from django.urls import path

from aldia.desk.letters import acts, certified, lists

urlpatterns = [
    path("", lists.show_letters, name="letters"),
    path("lote/", acts.make_batch, name="print-batch-new"),
    path("lote/<int:number>/", lists.show_batch, name="print-batch"),
    path("lote/<int:number>/imprimir/", acts.print_batch, name="print-batch-file"),
    path("lote/<int:number>/direcciones/", lists.addresses, name="print-batch-addresses"),
    path("lote/<int:number>/enviado/", acts.post_batch, name="print-batch-posted"),
    path("<int:letter_id>/", lists.show_letter, name="letter"),
    path("<int:letter_id>/pdf/", lists.letter_pdf, name="letter-pdf"),
    path("<int:letter_id>/bandeja/", acts.back_to_tray, name="letter-back"),
    path("<int:letter_id>/retirar/", acts.withdraw, name="letter-withdraw"),
    path("certificadas/", certified.show_list, name="certified"),
    path("certificadas/<int:certified_id>/", certified.show_one, name="certified-letter"),
    path("certificadas/<int:certified_id>/archivo/", certified.handover, name="certified-file"),
    path("certificadas/<int:certified_id>/entrega/", certified.handed_over, name="certified-handed-over"),
    path("certificadas/<int:certified_id>/resultado/", certified.result, name="certified-result"),
    path("certificadas/<int:certified_id>/certificado/", certified.keep_certificate, name="certificate-new"),
    path(
        "certificadas/<int:certified_id>/certificado/<int:certificate_id>/",
        certified.show_certificate,
        name="certificate",
    ),
]
