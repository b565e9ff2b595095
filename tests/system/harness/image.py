"""The container image, built by buildah on a base that is made here: a Debian by debootstrap, called as the Dockerfile asks."""

import json
import os
import pathlib
import shutil
import subprocess

from kafka import cache_dir

ROOT = pathlib.Path(__file__).resolve().parents[3]
MAKE_SECONDS = 900
BUILD_SECONDS = 900
ENVIRONMENT = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def buildah(*arguments, seconds: float = 120) -> str:
    done = subprocess.run(["buildah", *map(str, arguments)], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=seconds, check=False)
    assert done.returncode == 0, f"buildah {' '.join(map(str, arguments))}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done.stdout.strip()


def _base(release: str, folder: pathlib.Path) -> str:
    """The name of a small base image."""
    root = cache_dir() / "system" / f"{release}-base"
    # What the slim images leave out.
    slim = ("printf 'path-exclude /usr/share/%s/*\\n' doc man locale info lintian >/etc/dpkg/dpkg.cfg.d/slim; "
            "rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/locale/* /usr/share/info/* \"$HOME\"/openelectricity-stream "
            "/var/lib/apt/lists/* /var/cache/apt/*")
    machine = [ROOT / "deploy" / "fresh-machine.sh", "--release", release, "--in", root, "--"]
    subprocess.run([*machine, "sh", "-c", slim], check=True, timeout=MAKE_SECONDS, capture_output=True)
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY / /\nCMD [\"/bin/sh\"]\n")
    name = f"localhost/oes-base-{release}"
    buildah("bud", "--file", folder / "Dockerfile", "--tag", name, root, seconds=MAKE_SECONDS)
    return name


class Image:
    def __init__(self, release: str, packages, folder: pathlib.Path):
        self.name = f"localhost/oes-test-{release}"
        self.base = _base(release, folder)
        context = folder / "context"
        context.mkdir()
        archive = subprocess.run(["git", "-C", ROOT, "archive", "HEAD"], stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-x", "-C", context], input=archive, check=True)
        made = context / "packaging" / "made"
        made.mkdir()
        for package in packages.files.values():
            shutil.copy(package, made)
        self.build = ["bud", "--format", "docker", "--pull-never", "--network", "host", "--build-arg", f"BASE={self.base}",
                      "--build-arg", "COMMIT=0123abc"]
        self.context = context
        buildah(*self.build, "--tag", self.name, context, seconds=BUILD_SECONDS)

    def config(self) -> dict:
        return json.loads(buildah("inspect", "--type", "image", self.name))["Docker"]["config"]

    def close(self):
        subprocess.run(["buildah", "rmi", "--force", self.name, self.base], env=ENVIRONMENT, capture_output=True, check=False)


class Container:
    """A container's files, mounted; processes run in it with a read-only root, as any user, on the host's network."""

    def __init__(self, image: Image):
        self.config = image.config()
        self.number = buildah("from", "--pull-never", image.name)
        self.root = pathlib.Path(buildah("mount", self.number))

    def command(self, user: str, volume: pathlib.Path, variables: dict, *arguments) -> list:
        """As the image's configuration has it: its environment, its entry point and, without arguments, its command."""
        mounts = (f"mount --bind {self.root} {self.root} && mount -o remount,bind,ro {self.root} && "
                  f"mount --bind {volume} {self.root}/var/lib/openelectricity-stream && "
                  f"mount -t proc proc {self.root}/proc")
        environment = [*self.config["Env"], *(f"{name}={value}" for name, value in variables.items())]
        words = [*self.config["Entrypoint"], *(arguments or self.config["Cmd"])]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
                f'{mounts} && exec env -i "$@"', "sh", *environment,
                "chroot", f"--userspec={user}", "--groups=0", str(self.root), *words]

    def close(self):
        subprocess.run(["buildah", "rm", self.number], env=ENVIRONMENT, capture_output=True, check=False)
