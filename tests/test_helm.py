"""The Helm chart: its values are described, it starts what compose.cluster.yaml starts, and Kubernetes takes it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy" / "helm" / "newsdesk"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))

CASES: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "with an Ingress": {"ingress": {"enabled": True, "tlsSecret": "tls"}, "hosts": ["news.example"]},
    "with servers of one's own": {
        "database": {"enabled": False, "address": "postgresql+psycopg://newsdesk@db.example/newsdesk"},
        "chroma": {"enabled": False, "address": "https://chroma.example:8000"},
        "worker": {"enabled": False},
        "settings": {"NEWSDESK_KEEP_ANSWERS": "true"},
        "settingsSecret": "keys",
    },
}


def test_the_chart_is_of_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["appVersion"] == chart["version"] == project["version"]


def test_every_value_is_described_and_every_description_has_a_value() -> None:
    assert set(SCHEMA["properties"]) - {"global"} == set(VALUES)
    for name, described in SCHEMA["properties"].items():
        if "properties" in described:
            assert set(described["properties"]) == set(VALUES[name]), name


def test_every_value_that_a_template_reads_is_there() -> None:
    read = {
        match
        for file in (CHART / "templates").iterdir()
        for match in re.findall(r"\.Values\.([A-Za-z]+)(?:\.([A-Za-z]+))?", file.read_text(encoding="utf-8"))
    }
    for outer, inner in read:
        assert outer in VALUES
        assert not inner or inner in VALUES[outer], f"{outer}.{inner}"


def rendered(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    helm = pytest.importorskip("helm_python", reason="pip install helm-python-sdk")
    with helm.Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        texts = chart.render(values, name="demo", namespace="news")
    for name, text in texts.items():
        if name.endswith(".yaml"):
            yield from filter(None, yaml.safe_load_all(text))


def test_helm_finds_nothing_wrong_with_it() -> None:
    helm = pytest.importorskip("helm_python", reason="pip install helm-python-sdk")
    found = helm.lint(str(CHART))
    assert found["errors"] == []
    assert [message["error"] for message in found["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("case", CASES)
def test_kubernetes_knows_all_that_it_makes(case: str) -> None:
    known = pytest.importorskip("kubernetes_validate", reason="pip install kubernetes-validate")
    made = list(rendered(CASES[case]))
    assert made
    for resource in made:
        known.validate(resource, "1.33", strict=True)


@pytest.mark.parametrize("case", CASES)
def test_nothing_runs_as_root_or_without_bounds(case: str) -> None:
    for resource in rendered(CASES[case]):
        if resource["kind"] != "StatefulSet":
            continue
        pod = resource["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in [*pod["containers"], *pod.get("initContainers", ())]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_it_starts_what_compose_starts() -> None:
    services = yaml.safe_load((ROOT / "compose.cluster.yaml").read_text(encoding="utf-8"))["services"]
    started = {
        resource["metadata"]["labels"]["app.kubernetes.io/component"]: resource["spec"]["template"]["spec"]
        for resource in rendered({})
        if resource["kind"] == "StatefulSet"
    }
    for component, service in {"page": "page-1", "worker": "worker", "chroma": "chroma"}.items():
        (container,) = started[component]["containers"]
        assert container["args"] == services[service]["command"]
        assert container.get("command") == services[service].get("entrypoint")
