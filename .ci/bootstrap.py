"""Make `.venv` with everything that Newsdesk needs, or bring it up to date; a second start finds nothing to do.

Standard library only, and syntax that Python 3.7 can read, so that an old Python is told so in a sentence (the Makefile
tells still older ones):

    python3 .ci/bootstrap.py [--extras dev,local,bench] [--torch cpu|cuda]     the environment
    python3 .ci/bootstrap.py --lock                                      requirements.lock, compiled anew

Versions come from requirements.lock, which pins every package for every platform, with the SHA-256 of its files: a file
that has another is not installed. torch is the build for the CPU unless
`--torch cuda` asks for the other one, which is gigabytes larger. Extras and torch's build, once chosen, are kept.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "newsdesk-setup.json"
OLDEST, NEWEST = (3, 11), (3, 14)  # torch has wheels for these
NEEDED_GB = 4  # 2.5 GB with its bytecode, the rest while wheels are unpacked
LOCK_HEADER = (
    "# Every version for every platform with its files' hashes, compiled by `make lock`; constraints of `make setup`.\n"
)


class SetupError(Exception):
    """One sentence that says what is missing and what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Make or update Newsdesk's environment in .venv.")
    parser.add_argument(
        "--extras",
        default="",
        help="comma-separated: dev (tests and checks), local (models in-process), ray, bench, ...",
    )
    parser.add_argument("--torch", default="", help="which build of torch: cpu (the default) or cuda")
    parser.add_argument("--lock", action="store_true", help="compile requirements.lock anew")
    given = parser.parse_args()
    try:
        check_python(sys.version_info[:2])
        if given.torch not in ("", "cpu", "cuda"):
            raise SetupError(f"TORCH={given.torch} is not known; it is cpu or cuda")
        extras = {extra for extra in given.extras.split(",") if extra} | ({"dev"} if given.lock else set())
        set_up(extras, given.torch)
        if given.lock:
            compile_lock()
    except SetupError as error:
        print(f"newsdesk set-up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("newsdesk set-up: stopped; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


def check_python(version: tuple[int, int]) -> None:
    """Refuse a Python that the locked packages do not exist for, or one that cannot make an environment."""
    if not OLDEST <= version <= NEWEST:
        wanted = f"3.{OLDEST[1]} or newer" if version < OLDEST else f"3.{OLDEST[1]} to 3.{NEWEST[1]}"
        raise SetupError(
            f"Newsdesk needs Python {wanted}, this is {version[0]}.{version[1]}; "
            "install one and name it: make run PYTHON=python3.12"
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "this Python cannot make environments (no venv or ensurepip module); on Debian and Ubuntu: "
            f"apt install python{version[0]}.{version[1]}-venv"
        )


def set_up(extras: set[str], torch: str) -> None:
    """Install what is asked for and not there yet; what an earlier call chose stays chosen."""
    before = read_stamp()
    torch = torch or str(before.get("torch", "cpu"))
    chosen = sorted(extras.union(before.get("extras", [])))
    wanted = {"digest": digest_of_inputs(), "extras": chosen, "torch": torch}
    if before == wanted and venv_python().exists():
        print("newsdesk set-up: .venv is up to date")
        return
    check_disk()
    make_venv()
    STAMP.unlink(missing_ok=True)
    install(chosen, torch, replace_torch=before.get("torch", torch) != torch)
    prepare_model()
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    print("newsdesk set-up: done")


def read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def digest_of_inputs() -> str:
    """One digest of all that decides what `.venv` holds; the folder counts, because an environment cannot be moved."""
    files = (LOCK, ROOT / "pyproject.toml", Path(__file__))
    facts = (sys.version, str(ROOT))
    return hashlib.sha256(
        b"\0".join([*(file.read_bytes() for file in files), *(f.encode() for f in facts)])
    ).hexdigest()


def check_disk() -> None:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise SetupError(
            f"{free:.1f} GB free in {ROOT}, {NEEDED_GB} GB needed; make room and run the same command again"
        )


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv() -> None:
    """A fresh `.venv` where there is none, or where the one that is there no longer runs this Python in this folder."""
    probe = "import pip, sys; print(sys.version, sys.prefix)"
    if venv_python().exists():
        found = subprocess.run([str(venv_python()), "-c", probe], capture_output=True, text=True)
        if found.stdout.strip() == f"{sys.version} {VENV}":
            return
    print(f"newsdesk set-up: making .venv with Python {sys.version.split()[0]}", flush=True)
    run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], "could not make .venv (Python's own message stands above)"
    )


def install(extras: list[str], torch: str, *, replace_torch: bool) -> None:
    print("newsdesk set-up: installing the locked requirements; the first time takes a minute or more", flush=True)
    mend = "could not install the requirements, the message above says why (no network?); mend that and run it again"
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch, "uv.txt")
        first.write_text(locked("uv"), encoding="utf-8")
        run([*pip, "install", "--require-hashes", "--requirement", str(first)], mend)
    project = f".[{','.join(extras)}]" if extras else "."
    arguments = [
        "--compile-bytecode",
        "--constraints",
        LOCK.name,
        "--build-constraints",
        LOCK.name,
        "--editable",
        project,
    ]
    if replace_torch:
        arguments += ["--reinstall-package", "torch"]
    run([*uv(), "install", *torch_arguments(torch), *arguments], mend, environment=uv_environment(torch))


def prepare_model() -> None:
    """Check the embedding model's hash and make its fast copy now, so that the first question need not wait for it."""
    print("newsdesk set-up: preparing the embedding model", flush=True)
    code = (
        "from rag.models.load_embedder import prepare\nfrom rag.settings import load_settings\nprepare(load_settings())"
    )
    run([str(venv_python()), "-c", code], "could not prepare the embedding model (the message above says why)")


def compile_lock() -> None:
    """Resolve for every platform, against torch's CPU build: the other one pins NVIDIA's packages for everybody."""
    torch = f"torch=={pinned('torch')}+cpu"
    with tempfile.TemporaryDirectory() as scratch:
        override, compiled = Path(scratch, "torch.txt"), Path(scratch, "lock.txt")
        override.write_text(torch, encoding="utf-8")
        how = ["--universal", "--python-version", "{}.{}".format(*OLDEST), "--all-extras", "--override", str(override)]
        quiet = [
            "--quiet",
            "--no-header",
            "--no-annotate",
            "--generate-hashes",
            "--upgrade",
            "--output-file",
            str(compiled),
        ]
        why = "could not compile the lock (uv's message stands above)"
        run(
            [*uv(), "compile", *torch_arguments("cpu"), *how, *quiet, "pyproject.toml"],
            why,
            environment=uv_environment("cpu"),
        )
        lines = portable(compiled.read_text(encoding="utf-8"))
    LOCK.write_text(LOCK_HEADER + lines, encoding="utf-8")
    print(f"newsdesk set-up: wrote {LOCK.name}, {len(re.findall('^[a-z0-9]', lines, flags=re.MULTILINE))} pins")


def portable(compiled: str) -> str:
    """The lock without what holds for one platform: torch comes from PyPI or from PyTorch's own index, whose files of
    one version differ, so that it has no hash here."""
    return re.sub(r"^torch==([\w.]+)\+cpu.*\n(?: .*\n)*", r"torch==\1\n", compiled, flags=re.MULTILINE)


def locked(package: str) -> str:
    """A package's lines of the lock: its version and the hashes of its files."""
    found = re.search(rf"^{package}==.*\n(?: .*\n)*", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if found is None:
        raise SetupError(f"requirements.lock has no pin for {package}; get the file from the repository again")
    return found.group()


def pinned(package: str) -> str:
    found = re.search(rf"^{package}==([\w.]+)", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if found is None:
        raise SetupError(f"requirements.lock has no pin for {package}; get the file from the repository again")
    return found.group(1)


def uv() -> list[str]:
    return [str(venv_python()), "-m", "uv", "pip"]


def uv_environment(torch: str) -> dict[str, str]:
    """This environment, with pip's wheel folders and index handed on to uv, which reads none of pip's settings."""
    environment = {name: value for name, value in os.environ.items() if name != "UV_FIND_LINKS"}
    environment["VIRTUAL_ENV"] = str(VENV)
    if torch == "cpu" and wheel_places():  # a CPU wheel in such a folder would win over CUDA's
        environment["UV_FIND_LINKS"] = ",".join(wheel_places())
    if os.environ.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    return environment


def wheel_places() -> list[str]:
    """Wheel folders and pages named for pip or uv; folders that are not there are left out, which uv would refuse."""
    named = os.environ.get("UV_FIND_LINKS", "").split(",") + os.environ.get("PIP_FIND_LINKS", "").split()
    return [place for place in named if place and ("://" in place or Path(place).is_dir())]


def torch_arguments(torch: str) -> list[str]:
    """Steer uv to the CPU build: a wheel folder that holds it is enough, elsewhere Linux has an index of its own."""
    tag = "cp{}{}".format(*sys.version_info[:2])
    have_wheel = any(glob.glob(f"{place}/torch-*+cpu-{tag}-*.whl") for place in wheel_places())
    return ["--torch-backend", "cpu"] if torch == "cpu" and sys.platform == "linux" and not have_wheel else []


def run(command: list[str], complaint: str, environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment).returncode != 0:
        raise SetupError(complaint)


if __name__ == "__main__":
    sys.exit(main())
