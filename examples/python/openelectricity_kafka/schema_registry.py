"""A schema registry, asked by Confluent's API."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

_Kind = TypeVar("_Kind")


class SchemaRegistryError(RuntimeError):
    """The registry cannot be reached, or refuses to answer."""


class _Refusing(urllib.request.HTTPRedirectHandler):
    """What is asked with a login is not asked again elsewhere: urllib would hand the login on, to whatever host."""

    def redirect_request(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
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
        if any(one.isspace() or not one.isprintable() for one in self.url):
            raise ValueError("schema registry: that is no URL like https://registry.example")
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
        path = f"/schemas/ids/{number}"
        return self._member(self._ask(path), "schema", str, path)

    def schemas_of(self, subject: str) -> dict[int, str]:
        """Every version of a subject by its id; none where it has none yet."""
        path = f"/subjects/{quote(subject, safe='')}/versions"
        try:
            versions = self._ask(path)
        except SchemaRegistryError as error:
            if isinstance(error.__cause__, urllib.error.HTTPError) and error.__cause__.code == 404:
                return {}
            raise
        if not isinstance(versions, list):
            raise self._stranger(path)
        told = [self._ask(f"{path}/{version}") for version in versions]
        return {self._member(one, "id", int, path): self._member(one, "schema", str, path) for one in told}

    def _member(self, answer: Any, name: str, kind: type[_Kind], path: str) -> _Kind:
        value = answer.get(name) if isinstance(answer, dict) else None
        if not isinstance(value, kind):
            raise self._stranger(path)
        return value

    def _stranger(self, path: str) -> SchemaRegistryError:
        return SchemaRegistryError(f"schema registry {self.url} gives no answer of a schema registry ({path})")

    def _ask(self, path: str) -> Any:
        request = urllib.request.Request(self.url.rstrip("/") + path)
        if self.username is not None:
            login = base64.b64encode(f"{self.username}:{self.password or ''}".encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        try:
            trust = ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise SchemaRegistryError(f"schema registry {self.url}: ca_file {self.ca_file}: {error}") from error
        try:
            opener = urllib.request.build_opener(_Refusing, urllib.request.HTTPSHandler(context=trust))
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            why = "refuses the login" if error.code in (401, 403) else f"answers {error.code}"
            if 300 <= error.code < 400:
                why = f"redirects ({error.code}) to where its login is not sent"
            raise SchemaRegistryError(f"schema registry {self.url} {why} ({path})") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise SchemaRegistryError(f"schema registry {self.url} cannot be used: {error}") from error
