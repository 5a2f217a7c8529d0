"""The JSON API of this service, version 1."""

from services.applications.web.api.applications import blueprint as applications
from services.applications.web.api.cases import blueprint as cases
from services.applications.web.api.data_requests import blueprint as data_requests
from services.applications.web.api.equality import blueprint as equality
from services.applications.web.api.filling_in import blueprint as filling_in
from services.applications.web.api.forms import blueprint as forms
from services.applications.web.api.my_data import blueprint as my_data
from services.applications.web.api.organisations import blueprint as organisations
from services.applications.web.api.organisations import interest
from services.applications.web.api.people import blueprint as people
from services.applications.web.api.rounds import blueprint as rounds
from services.applications.web.api.rules import blueprint as rules

BLUEPRINTS = (
    applications,
    cases,
    data_requests,
    equality,
    filling_in,
    forms,
    interest,
    my_data,
    organisations,
    people,
    rounds,
    rules,
)
