#!/usr/bin/env python3
"""Sums JUnit reports of ctest and pytest.

  total.py FOLDER [BROKEN-STEP…]   a line per suite, what failed, and as the last line `N passed, N failed`; exit 1 if any
  total.py --has-failures FILE     exit 0 if the report names a failed test
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def outcomes(report: pathlib.Path) -> dict:
    """passed, failed, skipped: lists of test names. A report cut short counts as a failed test of its own."""
    found = {"passed": [], "failed": [], "skipped": []}
    try:
        cases = ElementTree.parse(report).getroot().iter("testcase")
        for case in cases:
            if case.find("failure") is not None or case.find("error") is not None:
                kind = "failed"
            elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
                kind = "skipped"
            else:
                kind = "passed"
            name = case.get("name", "?")
            place = case.get("classname", name)
            found[kind].append(name if place == name else f"{place}::{name}")
    except (ElementTree.ParseError, OSError) as error:
        found["failed"].append(f"{report.name} cannot be read: {error}")
    return found


def main(arguments: list) -> int:
    if arguments[0] == "--has-failures":
        return 0 if outcomes(pathlib.Path(arguments[1]))["failed"] else 1
    passed = failed = 0
    for report in sorted(pathlib.Path(arguments[0]).glob("*.xml")):
        found = outcomes(report)
        passed += len(found["passed"])
        failed += len(found["failed"])
        skipped = f", {len(found['skipped'])} skipped" if found["skipped"] else ""
        print(f"{report.stem}: {len(found['passed'])} passed, {len(found['failed'])} failed{skipped}")
        for name in found["failed"]:
            print(f"  failed: {name}")
        for name in found["skipped"]:
            print(f"  skipped: {name}")
    for step in arguments[1:]:
        print(f"  failed: {step}")
    failed += len(arguments) - 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
