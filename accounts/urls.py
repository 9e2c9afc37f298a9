"""Addresses of signing in and of choosing a password, beneath the admin's own; the library's others are not here."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes.views import (
    download_recovery_codes,
    generate_recovery_codes,
    view_recovery_codes,
)
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.webauthn.views import edit_webauthn, list_webauthn
from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import password_views, second_factor_views, sign_in_views

SIGN_IN = [
    path("login/", sign_in_views.SignInView.as_view(), name="account_login"),
    path("logout/", sign_in_views.SignOutView.as_view(), name="account_logout"),
    path("sign-in/inactive/", sign_in_views.account_inactive, name="account_inactive"),
    path("sign-in/password-again/", ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("sign-in/code/", sign_in_views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("sign-in/code-again/", CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("sign-in/passkey/", sign_in_views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/passkey-again/", sign_in_views.PasskeyAgainView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-in/directory/", sign_in_views.begin_single_sign_on, name="openid_connect_begin"),
    path(
        "sign-in/<str:provider_id>/back/",
        sign_in_views.finish_single_sign_on,
        name="openid_connect_callback",
    ),
]
PASSWORDS = [
    # The first two are at the addresses of Wagtail's, whose names lead here too.
    path("password_reset/", password_views.ForgottenPasswordView.as_view(), name="accounts_forgotten_password"),
    path(
        "password_reset/done/",
        password_views.ForgottenPasswordSentView.as_view(),
        name="accounts_forgotten_password_sent",
    ),
    # A link of an earlier release has a slash in its token.
    path(
        "password_reset/confirm/<path:token>/",
        password_views.ChoosePasswordView.as_view(),
        name="accounts_choose_password",
    ),
    path("invitation/<str:token>/", password_views.InvitationView.as_view(), name="accounts_invitation"),
]
SECURITY = [
    path("sign-in/security/", sign_in_views.SignInAndSecurityView.as_view(), name="mfa_index"),
    path("sign-in/app/", sign_in_views.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("sign-in/app/remove/", deactivate_totp, name="mfa_deactivate_totp"),
    path("sign-in/passkeys/", list_webauthn, name="mfa_list_webauthn"),
    path("sign-in/passkeys/add/", sign_in_views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("sign-in/passkeys/<int:pk>/", edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-in/passkeys/<int:pk>/remove/", sign_in_views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("sign-in/recovery-codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sign-in/recovery-codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/recovery-codes/download/", download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sign-in/sessions/", sign_in_views.SessionsView.as_view(), name="usersessions_list"),
]

PEOPLE = [
    path(
        "users/<int:pk>/reset-second-step/",
        second_factor_views.reset_second_factor,
        name="accounts_reset_second_factor",
    )
]

urlpatterns = decorate_urlpatterns(
    [
        *SIGN_IN,
        *PASSWORDS,
        *decorate_urlpatterns(SECURITY, sign_in_views.or_back),
        *decorate_urlpatterns(PEOPLE, require_admin_access),
    ],
    never_cache,
)
