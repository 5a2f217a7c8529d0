"""The OpenAPI application of a service, with Hearth's errors in place of the library's."""

from typing import Any

from flask import Flask, Response
from flask_smorest import Api
from marshmallow import RAISE, Schema, fields
from werkzeug.exceptions import HTTPException

from shared.web import access, errors


class ApiSchema(Schema):
    """Base of request schemas: an unknown field is an error that names it."""

    class Meta:
        unknown = RAISE


class ProblemSchema(Schema):
    """Shape of every error (RFC 9457), for the documentation: `shared.web.errors` writes them."""

    type = fields.String(metadata={"description": "urn:hearth:problem:<code>; the code is stable"})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "A sentence that a person can act on"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong, by the name of the field"},
    )


class _Api(Api):
    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """One table for all errors: `shared.web.errors`."""
        return errors.from_http(error)


def make_api(app: Flask, service: str, title: str, *blueprints: Any) -> Api:
    """Serve `blueprints` and the OpenAPI document of them at /<service>/api/openapi.json."""
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=f"/{service}/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = _Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    for endpoint in list(app.view_functions):
        if endpoint.startswith("api-docs."):
            access.mark_endpoint(app, endpoint)
    return api
