"""Addresses of the calendars. They hold ids, because people follow them for years and slugs change."""

from django.urls import path

from . import views

urlpatterns = [
    path("events.ics", views.calendar, name="calendar"),
    path("events/<id:pk>.ics", views.event_calendar, name="event_calendar"),
    path("events/<id:pk>/<uuid:key>.ics", views.date_calendar, name="date_calendar"),
    path("centres/<id:pk>.ics", views.centre_calendar, name="centre_calendar"),
    path("forums/<id:pk>.ics", views.forum_calendar, name="forum_calendar"),
]
