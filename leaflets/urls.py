"""Addresses of files and of their covers; they come before Wagtail's own, which know only a file's present name."""

from django.urls import path

from .views import serve_cover, serve_document

urlpatterns = [
    path("<id:document_id>/cover.webp", serve_cover, name="document_cover"),
    path("<id:document_id>/<path:name>", serve_document, name="document_under_any_name"),
]
