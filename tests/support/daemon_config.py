"""The daemon's configuration as tests and benchmarks write it: what all of them need, and what one says otherwise."""

import json


def config(name: str, folder, *, base_url: str, bootstrap: str, streams, port: int = None, clock=None, **sections) -> str:
    """`folder`: progress lies in it. `streams`: by name, their options, as a dict or as they stand between YAML's braces.
    `port`: of the HTTP endpoint; none: it is off. `sections`: what else is said, or otherwise: the options of a section are
    added to those that are there, and what is None is left to the program."""
    whole = {
        "deployment": name,
        "progress_path": f"{folder}/progress",
        "api": {"base_url": base_url},
        "budget": {"plan": "ENTERPRISE"},
        "kafka": {"bootstrap_servers": bootstrap, "create_topics": "all"},
        "http": {"listen": f"127.0.0.1:{port}"} if port else {"enabled": False},
    }
    for section, said in sections.items():
        known = whole.get(section)
        whole[section] = {**known, **said} if isinstance(known, dict) and isinstance(said, dict) else said
    lines = [f"{section}: {json.dumps(_said(values))}\n" for section, values in whole.items() if values is not None]
    lines += ["streams:\n", *(f"  - {_stream(stream, options)}\n" for stream, options in streams.items())]
    return "".join(lines) + (clock.yaml() if clock else "")  # JSON is YAML


def _stream(name: str, options) -> str:
    return f"{{name: {name}, {options}}}" if isinstance(options, str) else json.dumps({"name": name, **options})


def _said(values):
    return {name: value for name, value in values.items() if value is not None} if isinstance(values, dict) else values
