"""Addresses: money in."""

from django.urls import path

from aldia.desk.payments import acts, listing, one, record

urlpatterns = [
    path("", listing.show_payments, name="payments"),
    path("nuevo/", record.new_payment, name="payment-new"),
    path("<int:credit_id>/", one.show_payment, name="payment"),
    path("<int:credit_id>/aplicar/", acts.allocate, name="payment-allocate"),
    path("<int:credit_id>/anular/", acts.reverse_payment, name="payment-reverse"),
    path("<int:credit_id>/anular-baja/", acts.take_write_off_back, name="write-off-undo"),
    path("<int:credit_id>/devolver/", acts.refund_payment, name="payment-refund"),
    path("<int:credit_id>/identificar/", acts.identify, name="payment-identify"),
    path("<int:credit_id>/desaplicar/", acts.deallocate, name="payment-deallocate"),
]
