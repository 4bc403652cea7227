"""The examples of docs/programs.md, run as they stand against the page's server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.slow

TEXT = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def curls() -> list[str]:
    whole = "".join(blocks("sh")).replace("\\\n", " ")
    return [line for line in whole.splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("number", range(len(curls())))
def test_a_curl_example_gets_what_it_asks_for(app: str, number: int) -> None:
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("curl or bash is not installed")
    command = curls()[number].replace(ADDRESS, app)
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    if '"stream": true' in command:
        assert "event: answer\n" in done.stdout
        return
    got = json.loads(done.stdout)
    assert "error" not in got
    assert any(got.get(key) for key in ("citations", "evidence", "stories", "articles", "choices"))


def test_the_openai_client_streams_a_cited_answer(app: str) -> None:
    (code,) = blocks("python")
    command = [sys.executable, "-W", "error", "-c", code.replace(ADDRESS, app)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "[1]" in done.stdout


def test_the_gradio_client_gets_the_answer(app: str) -> None:
    example = re.search(r"`(gradio_client\.Client\(.*?\))`", TEXT, flags=re.DOTALL)
    assert example is not None
    call = " ".join(example[1].split()).replace(ADDRESS, app)
    code = f"import json, gradio_client\nprint(json.dumps({call}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=90)
    assert json.loads(done.stdout.strip().splitlines()[-1])["outcome"] == "answered"
