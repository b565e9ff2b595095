"""The packages under test: built by deploy/package.sh, or taken from a folder that the caller names."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD_SECONDS = 5400


class Packages:
    """The files of one folder, by the names of the packages."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.files = {file.name.split("_")[0]: file for file in sorted(folder.glob("openelectricity-*.deb"))}

    @property
    def daemon(self) -> pathlib.Path:
        return self.files["openelectricity-stream"]

    @property
    def simulator(self) -> pathlib.Path:
        return self.files["openelectricity-simulator"]

    @property
    def version(self) -> str:
        return self.daemon.name.split("_")[1]


def _build(release: str, commit: str, folder: pathlib.Path) -> Packages:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([ROOT / "deploy" / "package.sh", "--release", release, "--commit", commit, "--out", folder],
                   check=True, timeout=BUILD_SECONDS)
    return Packages(folder)


def packages_of(release: str, folder: pathlib.Path) -> Packages:
    """Of this checkout's commit."""
    given = os.environ.get(f"OES_PACKAGES_{release.upper()}")
    return Packages(pathlib.Path(given)) if given else _build(release, "HEAD", folder)


def previous_packages_of(release: str, folder: pathlib.Path) -> Packages:
    """Of the commit before it: what an upgrade comes from."""
    given = os.environ.get(f"OES_PREVIOUS_PACKAGES_{release.upper()}")
    return Packages(pathlib.Path(given)) if given else _build(release, "HEAD~1", folder)
