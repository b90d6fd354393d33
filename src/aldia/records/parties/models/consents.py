"""What a customer said about being written to: on which channel, at which address. Only added to."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.db.models.functions import Now

from aldia.records.parties.models.customers import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class ConsentChannel(models.TextChoices):
    """A way out of the house; SMS and calls share telephone numbers, not consents."""

    EMAIL = "email", "Correo electrónico"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    LETTER = "letter", "Carta"
    CALL = "call", "Llamada"


class ConsentState(models.TextChoices):
    """granted: agreed to. refused: opted out. lifted: the refusal was taken back, and nothing is said."""

    GRANTED = "granted", "Lo autoriza"
    REFUSED = "refused", "No lo quiere"
    LIFTED = "lifted", "Retira su negativa"


class ConsentSource(models.TextChoices):
    """How the house came to know."""

    REPLY = "reply", "Respuesta BAJA"
    PERSON = "person", "Lo anota una persona"
    FORM = "form", "Formulario"
    IMPORT = "import", "Importación"
    PROVIDER = "provider", "Lo dice el proveedor de mensajes"


class Consent(TenantRow):
    """One thing said; of what applies to an address the latest row wins. Append-only.

    address: blank for the whole channel. note: where it stands, in a person's words.
    """

    customer = TenantForeignKey(Customer)
    channel = models.CharField(choices=ConsentChannel)
    address = models.CharField(blank=True, default="", db_default="", db_collation="C")
    state = models.CharField(choices=ConsentState)
    source = models.CharField(choices=ConsentSource)
    note = models.TextField(blank=True, default="", db_default="")
    recorded_by = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_consent"
        constraints = [
            one_of("channel", ConsentChannel, name="consent_channel_is_known"),
            one_of("state", ConsentState, name="consent_state_is_known"),
            one_of("source", ConsentSource, name="consent_source_is_known"),
            CheckConstraint(name="consent_is_recorded_by_somebody", condition=~Q(recorded_by="")),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="consent_by_customer")]
