"""Centres, services, roles, and services at centres."""

from .centre import CentrePage, CentresPage
from .centre_service import CentreServicePage
from .choices import Access, AccessFeature, MilestoneState, ServiceStatus, Stage, StatusInfo
from .dated_facts import FactAge
from .milestone import Milestone
from .partner import Partner
from .role import RolePage, RolesPage
from .service import ServicePage, ServicesPage
from .subject import SubjectMixin

__all__ = [
    "Access",
    "AccessFeature",
    "CentrePage",
    "CentreServicePage",
    "CentresPage",
    "FactAge",
    "Milestone",
    "MilestoneState",
    "Partner",
    "RolePage",
    "RolesPage",
    "ServicePage",
    "ServiceStatus",
    "ServicesPage",
    "Stage",
    "StatusInfo",
    "SubjectMixin",
]
