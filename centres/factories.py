"""Factories for centres, services and roles, with obviously made-up places."""

import factory
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory

from .models import (
    Access,
    CentrePage,
    CentreServicePage,
    CentresPage,
    Milestone,
    Partner,
    RolePage,
    RolesPage,
    ServicePage,
    ServicesPage,
    ServiceStatus,
    Stage,
)


class CentresPageFactory(PageFactory):
    title = "Centres"
    slug = "centres"
    summary = "Every centre of Testshire."
    show_in_menus = True

    class Meta:
        model = CentresPage


class CentrePageFactory(PageFactory):
    """An open centre in a made-up town. Give `parent`."""

    short_name = factory.Sequence(lambda n: f"Testville {n:03}")
    title = factory.LazyAttribute(lambda page: f"{page.short_name} Centre")
    slug = factory.LazyAttribute(lambda page: page.short_name.lower().replace(" ", "-"))
    summary = factory.LazyAttribute(lambda page: f"The centre in {page.short_name}.")
    stage = Stage.OPEN
    team = "Testville team"

    class Meta:
        model = CentrePage


class ServicesPageFactory(PageFactory):
    title = "Services"
    slug = "services"
    summary = "Every service of Testshire."
    show_in_menus = True

    class Meta:
        model = ServicesPage


class ServicePageFactory(PageFactory):
    """A made-up service. Give `parent`."""

    title = factory.Sequence(lambda n: f"Juggling class {n:03}")
    slug = factory.LazyAttribute(lambda page: page.title.lower().replace(" ", "-"))
    summary = factory.LazyAttribute(lambda page: f"What happens in {page.title}.")

    class Meta:
        model = ServicePage


class RolesPageFactory(PageFactory):
    title = "Roles"
    slug = "roles"
    summary = "Everybody you may meet in Testshire."

    class Meta:
        model = RolesPage


class RolePageFactory(PageFactory):
    """A made-up role. Give `parent`."""

    title = factory.Sequence(lambda n: f"Juggler {n:03}")
    slug = factory.LazyAttribute(lambda page: page.title.lower().replace(" ", "-"))
    summary = factory.LazyAttribute(lambda page: f"What {page.title} does.")

    class Meta:
        model = RolePage


class CentreServicePageFactory(PageFactory):
    """An available service at a centre. Give `parent` (a centre) and `service`; the name comes from the service."""

    title = factory.LazyAttribute(lambda page: page.service.title)
    slug = factory.LazyAttribute(lambda page: page.service.slug)
    status = ServiceStatus.AVAILABLE
    access = factory.LazyFunction(lambda: [Access.WALK_IN.value])

    class Meta:
        model = CentreServicePage


class MilestoneFactory(DjangoModelFactory[Milestone]):
    """An expected step. Give `centre`."""

    title = factory.Sequence(lambda n: f"Foundation stone {n}")
    date = factory.Faker("date_object")

    class Meta:
        model = Milestone


class PartnerFactory(DjangoModelFactory[Partner]):
    """A made-up organisation. Give `centre`."""

    name = factory.Sequence(lambda n: f"Testshire Jugglers {n}")
    role = "Brings the clubs."

    class Meta:
        model = Partner
