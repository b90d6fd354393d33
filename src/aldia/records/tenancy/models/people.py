"""People who log in, and what they may do for which creditor."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from aldia.records.schema.fields import one_of
from aldia.records.tenancy.models.creditor import Creditor


class UserManager(BaseUserManager["User"]):
    """Makes and finds users by e-mail, folded to lower case."""

    def create_user(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A user; without a password nobody can log in as them."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """For log-in: the case of what was typed does not matter."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who logs in. Rights come from memberships alone; there is no superuser.

    language: of the screens, blank for the browser's.
    """

    email = models.EmailField(unique=True, db_collation="C")
    name = models.CharField()
    language = models.CharField(max_length=5, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True, db_default=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "tenancy_user"
        constraints = [CheckConstraint(name="user_email_is_lower_case", condition=Q(email=Lower(F("email"))))]


class Role(models.TextChoices):
    """What somebody may do for a creditor."""

    ADMINISTRATOR = "administrator", "Administración"
    MANAGER = "manager", "Responsable de cobros"
    GESTOR = "gestor", "Gestor"
    TREASURER = "treasurer", "Tesorería"
    VIEWER = "viewer", "Consulta"


class Membership(models.Model):
    """A user's role for one creditor. Read before a scope is set, so without row security.

    write_off_max_minor: the most that may be written off of one line, in minor units of the creditor's
    currency; null for no limit beyond what the role may do. ended_at: since then the person has no access;
    the row stays, for what they did is tied to it.
    """

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(choices=Role)
    write_off_max_minor = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tenancy_membership"
        constraints = [
            one_of("role", Role, name="membership_role_is_known"),
            CheckConstraint(
                name="membership_write_off_limit_is_not_negative",
                condition=Q(write_off_max_minor__isnull=True) | Q(write_off_max_minor__gte=0),
            ),
            UniqueConstraint(fields=["creditor", "user"], name="membership_is_one_per_creditor_and_user"),
            UniqueConstraint(fields=["creditor", "id"], name="membership_creditor_id_id"),
        ]
