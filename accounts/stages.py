"""What is asked for after the password."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage

from .second_factor import was_used


class SecondFactorStage(AuthenticateStage):
    """Asks whoever has a second factor for it, unless single sign-on has done so."""

    def handle(self) -> Any:
        """Return what is answered, if anything, and whether signing in goes on."""
        user = self.login.user
        if user and was_used(self.request, user):
            return None, True
        return super().handle()
