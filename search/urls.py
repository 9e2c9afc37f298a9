"""Addresses of the search."""

from django.urls import path

from .views import opened, search, suggestions

urlpatterns = [
    path("", search, name="search"),
    path("suggestions/", suggestions, name="search_suggestions"),
    path("opened/", opened, name="search_opened"),
]
