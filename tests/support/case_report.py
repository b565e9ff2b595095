"""unittest for tests that are run by ctest: failures on the console, and the cases in $OES_CASE_REPORTS (see case_report.cpp)."""

import os
import pathlib
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree


class _Result(unittest.TextTestResult):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases = []

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def _note(self, test, kind=None, why=""):
        case = ElementTree.Element("testcase", name=test.id().rsplit(".", 1)[-1], time=f"{time.monotonic() - self.began:.3f}")
        if kind:
            ElementTree.SubElement(case, kind, message=why)
        self.cases.append(case)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._note(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "failure", str(err[1]))

    def addError(self, test, err):
        super().addError(test, err)
        # An error of setUpClass belongs to no test that was started.
        self.began = getattr(self, "began", time.monotonic())
        self._note(test, "error", str(err[1]))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)


def main(name: str):
    """Runs the tests of __main__ and exits; `name` is the test's name in ctest."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=_Result).run(suite)
    folder = os.environ.get("OES_CASE_REPORTS")
    if folder:
        root = ElementTree.Element("testsuite", name=name)
        for case in result.cases:
            case.set("classname", name)
            root.append(case)
        ElementTree.ElementTree(root).write(pathlib.Path(folder, f"{name}.xml"), encoding="utf-8")
    sys.exit(0 if result.wasSuccessful() else 1)
