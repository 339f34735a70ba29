"""Staff: persons who log in, the sites they work at, and their roles there."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do at a site."""

    PRESCRIBER = "prescriber", _("prescriber")
    PHARMACIST = "pharmacist", _("pharmacist")
    ANALYST = "analyst", _("analyst")
    OPERATOR = "operator", _("operator")


class People(BaseUserManager["Person"]):
    """How a person is found by what is typed."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with an e-mail address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """One member of the staff, who logs in by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=8, default="en")
    is_active = models.BooleanField(default=True)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]  # noqa: RUF012 - as Django writes it

    def __str__(self) -> str:
        return self.name

    def save(self, *arguments: Any, **more: Any) -> None:
        """Save, with the address as it is compared."""
        self.email = self.email.strip().lower()
        super().save(*arguments, **more)

    @cached_property
    def roles(self) -> dict[uuid.UUID, frozenset[str]]:
        """Her roles, by the key of the site; as they were when first asked for."""
        found: dict[uuid.UUID, set[str]] = {}
        for site, role in Membership.objects.filter(person=self).values_list("site_id", "role"):
            found.setdefault(site, set()).add(role)
        return {site: frozenset(roles) for site, roles in found.items()}

    def sites_as(self, role: Role) -> list[uuid.UUID]:
        """Keys of the sites where she has a role."""
        return [site for site, roles in self.roles.items() if role in roles]


class Site(models.Model):
    """A clinic: whom to call, and where capsules come from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Name of the clinic"), max_length=120, unique=True)
    on_call = models.CharField(_("Telephone, day and night"), max_length=60)
    pharmacy = models.CharField(_("Pharmacy"), max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A role of a person at a site. Who prescribes there does not dispense there, and the other way round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices)

    class Meta:
        """One row for a role; and one of two roles that have to be apart."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("person", "site", "role"), name="role_once"),
            models.UniqueConstraint(
                fields=("person", "site"),
                condition=models.Q(role__in=("prescriber", "pharmacist")),
                name="prescribes_or_dispenses",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {Role(self.role).label}"


class StaffInvitation(models.Model):
    """A link by which a person sets her password: once at the start, and again where it or a second factor is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
