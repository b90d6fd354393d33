"""Addresses: files in, step by step."""

from django.urls import URLPattern, path

from aldia.desk.imports import deciding, findings, listing, review, running, upload, waiting

urlpatterns: list[URLPattern] = [
    path("", listing.show_imports, name="imports"),
    path("nuevo/", upload.new_import, name="imports-new"),
    path("<int:batch_id>/", review.show_import, name="import"),
    path("<int:batch_id>/leer/", review.read_again, name="import-read"),
    path("<int:batch_id>/avance/", waiting.progress, name="import-progress"),
    path("<int:batch_id>/hallazgos.csv", findings.download, name="import-findings"),
    path("<int:batch_id>/registrar/", deciding.commit_import, name="import-commit"),
    path("<int:batch_id>/descartar/", deciding.discard_import, name="import-discard"),
    path("<int:batch_id>/deshacer/", deciding.undo_import, name="import-undo"),
    path("proceso/", running.run_now, name="run-now"),
    path("proceso/<int:errand_id>/", running.show_run, name="run-waiting"),
]
