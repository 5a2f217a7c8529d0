"""The OpenAPI application of a service, with Hearth's errors in place of the library's."""

from threading import Lock
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
    """The library's, which describes its blueprints when the description is first asked for, not at every start."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._undescribed: list[Any] = []
        self._describing = Lock()

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        """Serve a blueprint, and describe it later."""
        name = options.get("name", blp.name)
        self._app.extensions["flask-smorest"]["blp_name_to_api"][name] = self
        self._app.register_blueprint(blp, **options)
        self._undescribed.append(blp)

    def _openapi_json(self) -> Response:
        with self._describing:
            for each in self._undescribed:
                each.register_views_in_doc(self, self._app, self.spec, name=each.name, parameters=None)
                self.spec.tag({"name": each.name, "description": each.description})
            self._undescribed.clear()
        response: Response = super()._openapi_json()
        return response

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
