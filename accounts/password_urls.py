"""The addresses of the screens by which passwords are chosen, in the place of Wagtail's own and beside them."""

from django.urls import path

from . import password_views as views

urlpatterns = [
    # The first two are at the addresses of Wagtail's, whose names lead here too.
    path("password_reset/", views.ForgottenPasswordView.as_view(), name="accounts_forgotten_password"),
    path("password_reset/done/", views.ForgottenPasswordSentView.as_view(), name="accounts_forgotten_password_sent"),
    # A link of an earlier release has a slash in its token.
    path("password_reset/confirm/<path:token>/", views.ChoosePasswordView.as_view(), name="accounts_choose_password"),
    path("invitation/<str:token>/", views.InvitationView.as_view(), name="accounts_invitation"),
]
