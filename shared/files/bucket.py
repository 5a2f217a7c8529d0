"""Where files are in an object store that speaks the S3 protocol."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ADDRESS = re.compile(r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[A-Za-z0-9][A-Za-z0-9._/-]*))?/?")
SETTINGS = {
    "AWS_ENDPOINT_URL": "aws_endpoint",
    "AWS_ENDPOINT": "aws_endpoint",
    "AWS_DEFAULT_REGION": "aws_region",
    "AWS_REGION": "aws_region",
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "aws_virtual_hosted_style_request",
}


@dataclass(frozen=True)
class Bucket:
    """Its name, what the names of all files in it begin with, and the store's usual settings."""

    name: str
    prefix: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    in_the_clear: bool = False
    """Reached without TLS, and nobody has said that this may be so."""

    @classmethod
    def parse(cls, address: str, env: Mapping[str, str]) -> "Bucket | None":
        """Read `s3://name/prefix` and the `AWS_...` variables; None when the address is none."""
        found = _ADDRESS.fullmatch(address)
        if found is None or ".." in address:
            return None
        settings = {name: env[variable] for variable, name in SETTINGS.items() if env.get(variable)}
        plain = settings.get("aws_endpoint", "").startswith("http://")
        allowed = env.get("AWS_ALLOW_HTTP", "").lower() == "true"
        return cls(found["name"], (found["prefix"] or "").strip("/"), settings, plain and not allowed)
