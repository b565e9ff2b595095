"""A progress_path that can be full or read-only: a small tmpfs where we may mount one, else file permissions."""

import os
import pathlib
import subprocess


def _run(*command) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False, timeout=20).returncode == 0


class PrivateDisk:
    def __init__(self, path: pathlib.Path, small: bool = True):
        self.path = path
        path.mkdir(parents=True)
        self.mounted = small and os.geteuid() == 0 and _run("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", str(path))
        path.chmod(0o700)

    @property
    def can_fill(self) -> bool:
        return self.mounted

    @property
    def can_refuse(self) -> bool:
        return self.mounted or os.geteuid() != 0

    def fill(self):
        with open(self.path / "ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def empty(self):
        (self.path / "ballast").unlink(missing_ok=True)

    def read_only(self, on: bool):
        if self.mounted:
            _run("mount", "-o", "remount,ro" if on else "remount,rw", str(self.path))
        else:
            self.path.chmod(0o500 if on else 0o700)

    def close(self):
        if self.mounted:
            self.mounted = not (_run("umount", str(self.path)) or _run("umount", "-l", str(self.path)))
        else:
            self.path.chmod(0o700)
