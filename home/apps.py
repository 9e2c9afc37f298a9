"""App configuration of the home page, plain content pages and the first content."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Home and content"
