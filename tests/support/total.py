#!/usr/bin/env python3
"""Sums JUnit reports of ctest and pytest.

  total.py FOLDER [BROKEN-STEP…]   a line per suite, what failed, and as the last line `N passed, N failed`; exit 1 if any
  total.py --has-failures FILE     exit 0 if the report names a failed test

ctest knows executables only. Where one has left FOLDER/cases/NAME.xml its test cases are counted in its place.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def entries(report: pathlib.Path) -> list:
    """(name, place, kind) of each testcase."""
    found = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            kind = "failed"
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            kind = "skipped"
        else:
            kind = "passed"
        name = case.get("name", "?")
        found.append((name, case.get("classname", name), kind))
    return found


def expanded(executable: tuple, cases: pathlib.Path) -> list:
    """What ran inside the executable; itself where that is not told, or where it failed though none of its cases did."""
    name, _, kind = executable
    if not cases.is_file():
        return [executable]
    try:
        inside = entries(cases)
    except ElementTree.ParseError as cut:
        return [(f"{name} (its list of cases is cut short: {cut})", name, "failed")]
    if not inside or (kind == "failed" and all(one[2] != "failed" for one in inside)):
        inside.append((f"{name} (as a whole)" if inside else name, name, kind))
    return inside


def outcomes(report: pathlib.Path) -> dict:
    """passed, failed, skipped: lists of test names. A report cut short counts as a failed test of its own."""
    found = {"passed": [], "failed": [], "skipped": []}
    try:
        for executable in entries(report):
            for name, place, kind in expanded(executable, report.parent / "cases" / f"{executable[0]}.xml"):
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
