"""The chaos harness: see ../README.md."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
SUPPORT = str(ROOT / "tests" / "support")
if SUPPORT not in sys.path:
    sys.path.insert(0, SUPPORT)
