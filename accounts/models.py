"""What the database keeps of signing in: failed tries, and the mails that are owed about somebody's account."""

from django.conf import settings
from django.db import models

from core.models import OwedMail


class FailedSignIns(models.Model):
    """How often in a row somebody failed to get in (`who`, a keyed hash), and until when no further try is taken.

    Who it is: an account from one network address, or a private page's password from one. Times are aware.
    """

    who = models.CharField(max_length=24, unique=True)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "failed sign-ins"
        verbose_name_plural = "failed sign-ins"

    def __str__(self) -> str:
        return f"{self.failures} failed sign-ins until {self.failed_at}"


class AccountMail(OwedMail):
    """A mail owed to somebody who signs in, or who asked as if.

    `user` is empty where nobody signs in with the address that was typed: such a row is dropped when its turn comes,
    so that asking takes the same for known and unknown addresses. `address` is where it goes if not to the user's own
    address, such as a new or an old one. No link and no token is kept: they are made when the mail is sent.
    """

    class Kind(models.TextChoices):
        """What the mail says."""

        PASSWORD_RESET = "password-reset", "A link to choose a new password"
        INVITATION = "invitation", "An invitation"
        NEW_ADDRESS = "new-address", "A link to confirm a new sign-in address"
        ADDRESS_CHANGED = "address-changed", "That the sign-in address was changed, to the old one"
        PASSWORD_CHANGED = "password-changed", "That the password was changed"
        SECOND_FACTOR_CHANGED = "second-factor-changed", "That a second step was added, removed or reset"
        LOCKED_OUT = "locked-out", "That somebody tried to sign in too often"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(OwedMail.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.pk}"
