"""App configuration of leaflets, newsletters and what files say."""

from django.apps import AppConfig


class LeafletsConfig(AppConfig):
    name = "leaflets"
    verbose_name = "Leaflets and newsletters"
