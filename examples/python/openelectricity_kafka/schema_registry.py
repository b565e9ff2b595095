"""A schema registry, asked by Confluent's API."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit


class SchemaRegistryError(RuntimeError):
    """The registry cannot be reached, or refuses to answer."""


class _Refusing(urllib.request.HTTPRedirectHandler):
    """What is asked with a login is not asked again elsewhere: urllib would hand the login on, to whatever host."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # noqa: ANN001, ANN201
        return None


@dataclass(frozen=True)
class SchemaRegistry:
    """`url` with the path of Confluent's API (Apicurio: `/apis/ccompat/v7`). `ca_file`: certificates to trust, PEM, else the
    system's; on a cluster it lies at the same place everywhere. A proxy is taken from HTTPS_PROXY and NO_PROXY. ValueError: a URL
    with a login in it, or a password for another host that no TLS would hide."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    def __post_init__(self) -> None:
        # Nothing of the URL is told: it may hold a password.
        if "@" in self.url:
            raise ValueError("schema registry: a login does not belong into the URL: username=…, password=…")
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError("schema registry: that is no URL like https://registry.example") from None
        if parts.scheme not in ("http", "https") or not host:
            raise ValueError("schema registry: that is no URL like https://registry.example")
        is_here = host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1"
        if self.password is not None and parts.scheme == "http" and not is_here:
            raise ValueError("schema registry: a password would go over the network as it is: use https://")

    def schema(self, number: int) -> str:
        """By its id."""
        return str(self._ask(f"/schemas/ids/{number}")["schema"])

    def schemas_of(self, subject: str) -> dict[int, str]:
        """Every version of a subject by its id; none where it has none yet."""
        try:
            versions = self._ask(f"/subjects/{quote(subject, safe='')}/versions")
        except SchemaRegistryError as error:
            if isinstance(error.__cause__, urllib.error.HTTPError) and error.__cause__.code == 404:
                return {}
            raise
        told = [self._ask(f"/subjects/{quote(subject, safe='')}/versions/{version}") for version in versions]
        return {int(one["id"]): str(one["schema"]) for one in told}

    def _ask(self, path: str) -> Any:
        request = urllib.request.Request(self.url.rstrip("/") + path)
        if self.username is not None:
            login = base64.b64encode(f"{self.username}:{self.password or ''}".encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        try:
            trusted = [urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.ca_file))]
            opener = urllib.request.build_opener(_Refusing, *(trusted if self.url.startswith("https:") else []))
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            why = "refuses the login" if error.code in (401, 403) else f"answers {error.code}"
            if 300 <= error.code < 400:
                why = f"redirects ({error.code}) to where its login is not sent"
            raise SchemaRegistryError(f"schema registry {self.url} {why} ({path})") from error
        except (OSError, ValueError) as error:
            raise SchemaRegistryError(f"schema registry {self.url} cannot be used: {error}") from error
