"""The addresses on which people follow, confirm, change and unsubscribe."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.follow_view, name="follow"),
    path("sent/", views.follow_sent_view, name="follow_sent"),
    path("link/", views.link_view, name="follow_link"),
    path("link/sent/", views.link_sent_view, name="follow_link_sent"),
    path("confirm/<str:token>/", views.confirm_view, name="follow_confirm"),
    path("manage/<str:token>/", views.manage_view, name="follow_manage"),
    # As it stands in mails that were sent.
    path("leave/<str:token>/", views.unsubscribe_view, name="follow_unsubscribe"),
]
