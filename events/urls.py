"""Addresses of the calendars."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
