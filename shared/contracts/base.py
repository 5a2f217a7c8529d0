"""The event base, the registry of every contract, and the schema derived from each dataclass."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

E = TypeVar("E", bound="Event")


class UnknownContract(Exception):
    """An event type or version that this code does not know. It is parked, never dropped."""


class Malformed(Exception):
    """An event that cannot be decoded; the message names the fields and repeats none of their values."""


class Event:
    """Something that has happened. Subclasses are frozen dataclasses decorated with `contract`."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    SUBJECT: ClassVar[str]

    @property
    def subject(self) -> str:
        """What the event is about, such as `application/018f...`: the unit of ordering."""
        return f"{self.SUBJECT.removesuffix('_id')}/{getattr(self, self.SUBJECT)}"


REGISTRY: dict[tuple[str, int], type[Event]] = {}


def contract(name: str, *, subject: str, version: int = 1) -> Callable[[type[E]], type[E]]:
    """Register an event class under `name` and `version`; `subject` names the field that says what it is about."""

    def register(cls: type[E]) -> type[E]:
        if (name, version) in REGISTRY:
            raise ValueError(f"{name} version {version} is registered twice")
        cls.NAME, cls.VERSION, cls.SUBJECT = name, version, subject
        REGISTRY[name, version] = cls
        return cls

    return register


def encode(event: Event) -> dict[str, Any]:
    """The event's data as JSON-ready values."""
    data = schema_of(type(event)).dump(event)
    assert isinstance(data, dict)  # noqa: S101 - marshmallow's type is wider than what dump(one) returns
    return data


def decode(name: str, version: int, data: Mapping[str, Any]) -> Event:
    """The event of that name and version, upcast to the newest.

    Raises:
        UnknownContract: nothing is registered under the name and version.
        Malformed: the data does not fit the schema.
    """
    cls = REGISTRY.get((name, version))
    if cls is None:
        raise UnknownContract(f"{name} version {version}")
    try:
        event: Event = schema_of(cls).load(data)
    except ValidationError as error:
        raise Malformed(f"{name}: unfit fields: {', '.join(sorted(map(str, error.messages_dict)))}") from None
    return _newest(event)


def _newest(event: Event) -> Event:
    while (upcast := getattr(event, "upcast", None)) is not None:
        event = upcast()
    return event


def schema_of(cls: Any) -> Schema:
    """The marshmallow schema of a dataclass: unknown fields are ignored, so that publishers may add."""
    if cls not in _SCHEMAS:
        _SCHEMAS[cls] = _derive(cls)
    return _SCHEMAS[cls]


_SCHEMAS: dict[Any, Schema] = {}


def _derive(cls: Any) -> Schema:
    hints = get_type_hints(cls)
    members: dict[str, Any] = {
        f.name: _field(hints[f.name], required=_has_no_default(f)) for f in dataclasses.fields(cls)
    }
    members["make"] = post_load(lambda _self, data, **_: cls(**data))
    members["Meta"] = type("Meta", (), {"unknown": EXCLUDE})
    schema = type(f"{cls.__name__}Schema", (Schema,), members)()
    assert isinstance(schema, Schema)  # noqa: S101
    return schema


def _has_no_default(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


_SIMPLE: dict[Any, Callable[..., fields.Field[Any]]] = {
    str: fields.String,
    int: lambda **options: fields.Integer(strict=True, **options),
    float: fields.Float,
    bool: fields.Boolean,
    UUID: fields.UUID,
    datetime: lambda **options: fields.AwareDateTime(format="iso", **options),
    date: fields.Date,
    Any: fields.Raw,
}


def _field(hint: Any, *, required: bool = True, allow_none: bool = False) -> fields.Field[Any]:
    options: dict[str, Any] = {"required": required, "allow_none": allow_none}
    if hint in _SIMPLE:
        return _SIMPLE[hint](**options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(schema_of(hint), **options)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = [arg for arg in args if arg is not NoneType]
        return _field(inner, required=required, allow_none=True)
    if origin is list:
        return fields.List(_field(args[0]), **options)
    if origin is dict:
        return fields.Dict(keys=fields.String(), values=_field(args[1], allow_none=True), **options)
    raise TypeError(f"no schema for {hint!r}")
