"""The desk's addresses."""

from django.urls import path

from aldia.desk import customer, entrance, today

app_name = "desk"
urlpatterns = [
    path("", entrance.first_page, name="first"),
    path("entrar/", entrance.LogIn.as_view(), name="log-in"),
    path("salir/", entrance.LogOut.as_view(), name="log-out"),
    path("acreedor/<slug:creditor>/", today.show_today, name="today"),
    path("acreedor/<slug:creditor>/cliente/<int:customer_id>/", customer.show_customer, name="customer"),
]
