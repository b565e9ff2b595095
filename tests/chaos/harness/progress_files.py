"""What may become of progress.json: every way in which it may be damaged, and what the daemon owes then."""

import hashlib
import json
import pathlib


def read_valid(path: pathlib.Path):
    """The file as an object; None where it is not there, torn, or does not fit its own hash."""
    try:
        whole = json.loads(path.read_bytes())
        stated = whole.pop("sha256")
        body = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return whole if hashlib.sha256(body.encode()).hexdigest() == stated else None
    except (OSError, ValueError, KeyError, AttributeError):
        return None


def _cut(path: pathlib.Path, chance):
    if path.exists():
        whole = path.read_bytes()
        path.write_bytes(whole[:chance.randrange(len(whole))] if whole else b"")


def _flip(path: pathlib.Path, chance):
    whole = bytearray(path.read_bytes()) if path.exists() else bytearray()
    if whole:
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(whole))


class ProgressFiles:
    """progress.json and .prev of one daemon that is not running."""

    def __init__(self, folder: pathlib.Path):
        self.main = folder / "progress.json"
        self.previous = folder / "progress.json.prev"
        self.older = None  # an earlier copy of ours

    def remember(self):
        if read_valid(self.main):
            self.older = self.main.read_bytes()

    def damage(self, kind: str, chance):
        both = kind.endswith("-both")
        for path in (self.main, self.previous) if both else (self.main,):
            if kind.startswith("cut"):
                _cut(path, chance)
            elif kind.startswith("flip"):
                _flip(path, chance)
            elif kind.startswith("delete"):
                path.unlink(missing_ok=True)
            elif kind.startswith("empty"):
                if path.exists():
                    path.write_bytes(b"")
        if kind == "roll-back" and self.older:
            self.main.write_bytes(self.older)
        elif kind == "previous-over-main" and self.previous.exists():
            self.main.write_bytes(self.previous.read_bytes())  # one file with two names, where it died between link and rename
        elif kind == "flip-previous":
            _flip(self.previous, chance)
        elif kind == "delete-previous":
            self.previous.unlink(missing_ok=True)


KINDS = ("cut", "flip", "delete", "empty", "roll-back", "previous-over-main", "cut-both", "flip-both",
         "delete-both", "flip-previous", "delete-previous")
