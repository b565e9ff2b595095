"""A schema registry, asked by Confluent's API."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


class SchemaRegistryError(RuntimeError):
    """The registry cannot be reached, or refuses to answer."""


@dataclass(frozen=True)
class SchemaRegistry:
    """`url` with the path of Confluent's API (Apicurio: `/apis/ccompat/v7`). `ca_file`: certificates to trust, PEM, else the
    system's; on a cluster it lies at the same place everywhere. A proxy is taken from HTTPS_PROXY and NO_PROXY."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None

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
        trusted = ssl.create_default_context(cafile=self.ca_file) if self.url.startswith("https:") else None
        try:
            with urllib.request.urlopen(request, timeout=30, context=trusted) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            why = "refuses the login" if error.code in (401, 403) else f"answers {error.code}"
            raise SchemaRegistryError(f"schema registry {self.url} {why} ({path})") from error
        except (OSError, ValueError) as error:
            raise SchemaRegistryError(f"schema registry {self.url} cannot be used: {error}") from error
