"""The environment of every service's templates: a misspelt name is loud, and each template is compiled once."""

import pytest
from flask import render_template_string
from jinja2 import UndefinedError

from tests.shared.web.conftest import MakeSite
from tests.shared.web.site import Site


def test_a_misspelt_name_is_not_printed_as_nothing(site: Site) -> None:
    with site.service.web.test_request_context(), pytest.raises(UndefinedError, match="misspelt"):
        render_template_string("{{ misspelt }}")


def test_blocks_leave_no_empty_lines(site: Site) -> None:
    with site.service.web.test_request_context():
        assert render_template_string("{% if true %}\n  {% set a = 1 %}\nwords\n{% endif %}\n") == "words\n"


def test_two_services_share_what_was_compiled(site: Site, make_site: MakeSite) -> None:
    other = make_site(public_url="https://apply.example.org")
    environments = [each.service.web.jinja_env for each in (site, other)]
    codes = [each.get_template("hearth/forms.html").root_render_func.__code__ for each in environments]
    assert codes[0] is codes[1]
