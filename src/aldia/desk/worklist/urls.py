"""Addresses: the working day."""

from django.urls import path

from aldia.desk.worklist import acts, locks, pages, views

urlpatterns = [
    path("", pages.show_worklist, name="worklist"),
    path("ficha/", pages.show_card, name="worklist-card"),
    path("varios/", acts.change_many, name="worklist-many"),
    path("repartir/", acts.assign, name="worklist-assign"),
    path("deshacer/", acts.undo, name="worklist-undo"),
    path("vistas/", views.keep_view, name="worklist-view-keep"),
    path("vistas/<int:view_id>/olvidar/", views.forget_view, name="worklist-view-forget"),
    path("<int:case_id>/trabajo/", acts.work, name="worklist-work"),
    path("<int:case_id>/tareas/<int:task_id>/", acts.close, name="worklist-task"),
    path("<int:case_id>/tomar/", locks.take, name="worklist-take"),
    path("<int:case_id>/asumir/", locks.take_it_over, name="worklist-take-over"),
    path("<int:case_id>/dejar/", locks.leave, name="worklist-leave"),
]
