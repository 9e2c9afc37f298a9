"""The screens for who is not signed in: a forgotten password, and the links by which a password is chosen.

Opening a link uses nothing up, because programs that check mail open every link. The token goes into the session, and
the screen is at an address without it, so that whatever that leads to is not told the token. (A policy of no
referrer would not do: browsers then send forms without the origin that Django's protection asks for.)
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView
from wagtail.models import Site

from core.models import SiteSettings

from .forms import ChoosePasswordForm, ForgottenPasswordForm
from .services import ask_for_reset, choose_password
from .tokens import INVITATION, RESET, ExpiredError, Purpose, read_password_token

# What stands in an address in place of a token that is in the session.
KEPT = "choose"
SAVED = "Your password is saved. Sign in with it now."


class SignedOutMixin:
    """Keeps an answer out of caches and search engines."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the answer with the headers that say so."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response


class ForgottenPasswordView(SignedOutMixin, FormView):  # type: ignore[type-arg]  # not subscriptable at run time
    """Asks for an address, and has the link to a new password sent there; the answer is the same for every address."""

    form_class = ForgottenPasswordForm
    template_name = "accounts/forgotten_password.html"

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        """Have it sent."""
        ask_for_reset(form.cleaned_data["email"], self.request)
        return redirect("wagtailadmin_password_reset_done")


class ForgottenPasswordSentView(SignedOutMixin, TemplateView):
    """Says that a link is on its way, if somebody signs in with the address."""

    template_name = "accounts/forgotten_password_sent.html"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChoosePasswordView(SignedOutMixin, FormView):  # type: ignore[type-arg]  # not subscriptable at run time
    """Lets who has a link choose a password, then leads to the sign-in page; it signs nobody in."""

    form_class = ChoosePasswordForm
    template_name = "accounts/choose_password.html"
    purpose: ClassVar[Purpose] = RESET
    url_name = "accounts_choose_password"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the token out of the address; say so if it does not work."""
        token = kwargs["token"]
        if token == KEPT:
            token = request.session.get(self.purpose.salt, "")
        try:
            self.user = read_password_token(self.purpose, token)
        except ExpiredError:
            return self.refuse(is_expired=True)
        if self.user is None:
            return self.refuse(is_expired=False)
        if kwargs["token"] != KEPT:
            request.session[self.purpose.salt] = token
            return redirect(self.url_name, KEPT)
        self.token = token
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, *, is_expired: bool) -> HttpResponse:
        """Say that a link does not work, and what to do about it."""
        self.request.session.pop(self.purpose.salt, None)
        context = {"is_expired": is_expired, "is_invitation": self.purpose is INVITATION}
        return render(self.request, "accounts/link_gone.html", context, status=404)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return what the form needs: whose password it is, to which it must not be similar."""
        return {**super().get_form_kwargs(), "user": self.user}

    def form_valid(self, form: ChoosePasswordForm) -> HttpResponse:
        """Save the password, unless the link was used in another window."""
        user = choose_password(self.purpose, self.token, form.cleaned_data["new_password1"], self.request)
        if user is None:
            return self.refuse(is_expired=False)
        del self.request.session[self.purpose.salt]
        messages.success(self.request, SAVED)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Return the sign-in page."""
        return reverse("wagtailadmin_login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with whose password it is."""
        return {**super().get_context_data(**kwargs), "person": self.user}


class InvitationView(ChoosePasswordView):
    """Greets who was invited, and lets them choose a password."""

    template_name = "accounts/invitation.html"
    purpose = INVITATION
    url_name = "accounts_invitation"

    def get_success_url(self) -> str:
        """Return the sign-in page, which leads on to where a passkey or an app is set up."""
        return f"{super().get_success_url()}?{urlencode({REDIRECT_FIELD_NAME: reverse('mfa_index')})}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with the site and what the person will look after."""
        site = Site.find_for_request(self.request)
        return {
            **super().get_context_data(**kwargs),
            "organisation": SiteSettings.for_site(site).organisation_name if site else "",
            "groups": [group.name for group in self.user.groups.order_by("name")] if self.user else [],
        }
