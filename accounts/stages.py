"""What is asked for after the password."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from .second_factor import was_used


class SecondFactorStage(AuthenticateStage):
    """Asks whoever has a second factor for it, unless single sign-on has done so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        return super()._should_handle(request) and not (user and was_used(request, user))
