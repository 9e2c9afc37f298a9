"""Addresses of files and of their covers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
