"""What Modicum asks of allauth beyond its settings."""

import base64
from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from modicum.web.accounts.codes import drawn

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_PURPOSE = b"modicum second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; staff come by an invitation. Nothing is sent by mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent: the clinic needs no mail server, and no address is confirmed or denied by one."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """A second factor is kept encrypted, and the last one cannot be taken away."""

    def encrypt(self, text: str) -> str:
        """The secret of a second factor as it is kept, so that a copy of the database alone opens nothing."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it is used."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Sequence[str] | None = None) -> bool:
        """Whether a person has a second factor; recovery codes alone are none: a log-in would not ask for them."""
        return super().is_mfa_enabled(user, types=SECOND_FACTORS if types is None else types)

    def build_totp_svg(self, url: str) -> str:
        """The secret for an app, as a code for its camera."""
        return drawn(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another second factor remains; recovery codes alone are none."""
        factors = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return factors.exclude(pk=authenticator.pk).exists()


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
