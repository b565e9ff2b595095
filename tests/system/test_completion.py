"""Completions as the shells give them, and the manual page as man shows it."""

import re
import shlex
import subprocess

import pytest


@pytest.fixture(scope="module")
def installed(packages, tmp_path_factory):
    """The package's files, unpacked."""
    root = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "--extract", packages.daemon, root], check=True)
    return root / "usr" / "share"


def said(*command, **more) -> str:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False, **more)
    assert done.returncode == 0, done.stdout
    return done.stdout


def in_bash(installed, line: str) -> set:
    words = line.split(" ")
    script = (f"source {shlex.quote(str(installed / 'bash-completion/completions/openelectricity-stream'))}\n"
              f"COMP_WORDS=({' '.join(map(shlex.quote, words))}); COMP_CWORD={len(words) - 1}\n"
              "compopt() { :; }\n_openelectricity_stream\nprintf '%s\\n' \"${COMPREPLY[@]}\"")
    return set(said("bash", "--norc", "-c", script).split())


def in_fish(installed, line: str) -> set:
    script = f"source {installed}/fish/vendor_completions.d/openelectricity-stream.fish; complete -C {shlex.quote(line)}"
    return {one.split("\t")[0] for one in said("fish", "--no-config", "-c", script).splitlines()}


def in_zsh(installed, line: str) -> set:
    """The words that the script hands to zsh's own functions, which stand in here for a terminal."""
    words = line.split(" ")
    stubs = ('_describe() { local name=${@[-1]}; for one in ${(P)name}; do print -r -- ${one%%:*}; done }\n'
             'compadd() { shift; print -rl -- "$@" }\n_files() { print FILES }\n_message() { print MESSAGE }\n')
    call = (f"complete_it() {{ local -a words; words=({' '.join(map(shlex.quote, words))}); local CURRENT={len(words)}\n"
            f"source {shlex.quote(str(installed / 'zsh/vendor-completions/_openelectricity-stream'))} }}\ncomplete_it")
    return set(said("zsh", "--no-rcs", "-c", stubs + call).split())


SHELLS = [in_bash, in_fish, in_zsh]
PROGRAM = "openelectricity-stream"


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_and_their_own(installed, shell):
    assert {"run", "status", "progress", "check-config"} <= shell(installed, f"{PROGRAM} ")
    below = shell(installed, f"{PROGRAM} progress ")
    assert {"show", "seek", "reset"} <= below and "check-config" not in below


@pytest.mark.parametrize("shell", SHELLS)
def test_options_of_the_command_that_was_typed(installed, shell):
    found = shell(installed, f"{PROGRAM} run --")
    assert {"--once", "--dry-run"} <= found and "--trust" not in found
    assert "--trust" in shell(installed, f"{PROGRAM} progress reset --")
    # Those of the program itself follow any command.
    assert "--config" in found


@pytest.mark.parametrize("shell", SHELLS)
def test_choices_of_an_option(installed, shell):
    assert {"json-schema", "markdown", "pyspark", "spark-ddl"} <= shell(installed, f"{PROGRAM} schema --format ")
    assert {"file", "kafka"} <= shell(installed, f"{PROGRAM} progress reset --trust ")


@pytest.mark.parametrize("shell", [in_bash, in_zsh])
def test_a_value_that_is_called_like_a_command_is_none(installed, shell):
    assert "status" in shell(installed, f"{PROGRAM} --env-file run ")


def test_files_where_a_file_is_wanted(installed, tmp_path):
    (tmp_path / "mine.yaml").touch()
    assert str(tmp_path / "mine.yaml") in in_bash(installed, f"{PROGRAM} --config {tmp_path}/m")
    assert any(one.endswith("mine.yaml") for one in in_fish(installed, f"{PROGRAM} --config {tmp_path}/m"))
    assert "FILES" in in_zsh(installed, f"{PROGRAM} --config ")


def test_the_manual_page_has_no_fault_and_names_every_command(installed):
    page = installed / "man/man1/openelectricity-stream.1.gz"
    assert said("man", "--warnings", "--local-file", "--pager=cat", page, env={"LC_ALL": "C.UTF-8", "MANWIDTH": "100",
                                                                              "PATH": "/usr/bin:/bin"})
    faults = subprocess.run(["sh", "-c", f"zcat {page} | groff -man -Tutf8 -ww -z"], stderr=subprocess.PIPE, text=True, check=True)
    assert faults.stderr == ""
    text = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", said("man", "--local-file", "--pager=cat", page))
    for part in ("NAME", "progress seek", "check-config", "EXIT CODES", "ENVIRONMENT", "FILES"):
        assert part in text
