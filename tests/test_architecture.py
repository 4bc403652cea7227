"""The floor plan: one door a library, imports that do nothing, no circles, folders and files that can be read."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests import module_map

ROOT = Path(__file__).parent.parent
PACKAGES = ("cli", "eval", "ingest", "newsletter", "prompts", "rag", "web")
SOURCES = sorted(
    [*ROOT.glob("*.py"), *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))],
)

LANGCHAIN = (
    "rag/answering/chain.py",
    "rag/models/chat_model.py",
    "rag/models/llama_cpp.py",
    "rag/models/scripted_model.py",
    "rag/retrieval/langchain_retriever.py",
    "rag/answering/model_writer.py",
    "eval/reference_systems/",
)
# Nothing outside speaks HTTP: whoever fetches goes through the checks of ingest/fetching/fetcher.py.
NETWORK = ("ingest/fetching/connection.py",)
# A door is a file, the beginning of several files' names, or a folder with its slash.
DOORS = {
    "chromadb": ("rag/storage/indexes/chroma.py", "rag/storage/indexes/chroma_server.py"),
    "tantivy": ("rag/storage/indexes/bm25.py",),
    "sqlalchemy": ("rag/storage/archive/",),
    "ray": ("ingest/stages/ray_bridge.py",),
    "alembic": ("rag/storage/archive/migrations/",),
    "psycopg": ("rag/storage/archive/postgresql.py",),
    "sentence_transformers": ("rag/models/torch_embedder.py", "rag/models/cross_encoder.py"),
    "torch": ("rag/models/onnx_export.py", "eval/training/"),
    "transformers": ("rag/models/onnx_export.py", "eval/training/network.py"),
    "onnx": ("rag/models/onnx_export.py", "eval/training/export_onnx.py", "eval/training/starting_weights.py"),
    "onnxruntime": (
        *("rag/models/onnx_export.py", "rag/models/onnx_session.py"),
        "eval/training/export_onnx.py",
        "eval/training/starting_weights.py",
    ),
    "langchain": LANGCHAIN,
    "langchain_core": LANGCHAIN,
    "langchain_openai": LANGCHAIN,
    "xllamacpp": ("rag/models/llama_cpp.py",),
    "gradio": ("web/page/", "web/server.py"),
    "fastapi": ("web/api/", "web/serving/", "web/server.py", "web/page/library/receiving.py"),
    "uvicorn": ("web/server.py", "web/serving/connection_timeouts.py"),
    "mcp": ("web/api/mcp.py",),
    "argon2": ("web/serving/login.py",),
    "limits": ("web/serving/attempts.py",),
    "prometheus_client": ("web/serving/metrics.py",),
    "trafilatura": ("ingest/", "eval/reference_systems/"),
    "dateparser": ("ingest/metadata/calendar_words.py", "rag/question/calendar_languages.py"),
    "babel": ("ingest/metadata/source_locale.py", "rag/wording/"),
    "htmldate": ("ingest/readers/html/dates.py",),
    "typer": ("cli/", "app.py", "eval/commands/", "eval/bench/readers.py", "rag/models/onnx_export.py"),
    "rich": ("cli/terminal.py",),
    "tomlkit": ("newsletter/toml_file.py",),
    "jinja2": ("newsletter/html.py", "web/page/html/rendering.py"),
    "markupsafe": ("rag/wording/in_html.py", "web/page/html/"),
    "py3langid": ("rag/question/language.py",),
    "pypdf": ("ingest/readers/pdf.py",),
    "pypdfium2": ("web/pdf/drawing.py",),
    "PIL": ("web/pdf/drawing.py",),
    "docx": ("ingest/readers/docx.py",),
    "protego": ("ingest/fetching/robots.py",),
    "httpcore": NETWORK,
    "httpx": (*NETWORK, "rag/models/discovery.py", "rag/models/download.py"),
    "urllib3": NETWORK,
    "aiohttp": NETWORK,
    "requests": NETWORK,
    # Loopback alone: a cluster of processes on this machine.
    "urllib.request": (*NETWORK, "eval/crash_test/cluster/"),
    "http.client": NETWORK,
}
HEAVY = (
    "alembic",
    "chromadb",
    "gradio",
    "langchain_core",
    "onnxruntime",
    "sqlalchemy",
    "tantivy",
    "torch",
    "trafilatura",
    "ray",
    "rich",
)
# One bad article must not end an ingest, and Gradio leaves a page dead for its reader when a function of it raises.
MAY_CATCH_EVERYTHING = (
    # What a command lets through: only too little memory is told, which native libraries say with errors of their own.
    "cli/__init__.py",
    # Chroma's client says what a connection or a proxy said with a bare Exception.
    "rag/storage/indexes/chroma_server.py",
    *(
        "ingest/attempt.py",
        "web/page/library/uploads.py",
        "web/page/briefing_actions.py",
        "web/page/chat.py",
        "web/serving/context.py",
    ),
    *(
        "web/page/library/view.py",
        "web/page/editor/view.py",
        "web/page/kept/view.py",
        "web/page/stories/actions.py",
        "web/page/stories/topics.py",
        "web/page/panel.py",
        "web/page/quality.py",
        "eval/bench/readers.py",
    ),
)


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that the file imports when it runs; what stands under `if TYPE_CHECKING:` is not imported."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


@cache
def tree_of(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def is_inside(module: str, library: str) -> bool:
    return module == library or module.startswith(f"{library}.")


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_heavy_libraries_come_in_by_their_own_door(source: Path) -> None:
    here = source.relative_to(ROOT).as_posix()
    modules = set(imported(tree_of(source)))
    for library, doors in DOORS.items():
        if any(is_inside(module, library) for module in modules):
            assert here.startswith(doors), f"{here} imports {library}, whose door is {' or '.join(doors)}"


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_imports_the_front_doors(source: Path) -> None:
    here = source.relative_to(ROOT).as_posix()
    modules = set(imported(tree_of(source)))
    doors = {"eval": ("eval/",), "web": ("web/", "app.py", "cli/"), "app": (), "cli": ("cli/",)}
    for door, neighbours in doors.items():
        assert here.startswith(neighbours) or not any(is_inside(module, door) for module in modules), (
            f"{here} imports {door}"
        )


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_only_the_outermost_doors_catch_everything(source: Path) -> None:
    here = source.relative_to(ROOT).as_posix()
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            assert not broad or here in MAY_CATCH_EVERYTHING, f"{here}:{node.lineno} catches everything"


def test_importing_loads_nothing_heavy_and_writes_nothing(tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import cli, eval, ingest, prompts, rag
from rag.errors import NewsdeskError
from rag.settings import Settings
print(sorted(set(sys.modules).intersection({HEAVY!r})))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_help_imports_typer_and_nothing_of_ours_but_the_commands_and_what_they_print_with() -> None:
    code = """
import sys
sys.argv = ["newsdesk", "--help"]
import cli
try:
    cli.main()
finally:
    ours = ("rag", "ingest", "newsletter", "web")
    print(sorted(name for name in sys.modules if name.split(".")[0] in (*ours, "pydantic", "rich")))
"""
    words = ("rag.wording", *(f"rag.wording.{name}" for name in ("language", "messages", "numbers")))
    allowed = ("rag", "rag.errors", "rag.telemetry", "rag.text", "rag.text.formatting", *words)
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == str(sorted(allowed))


MOST_MODULES = 20


@pytest.mark.parametrize("folder", module_map.folders(), ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_a_folder_can_be_taken_in_at_a_glance_and_says_what_it_is_for(folder: Path) -> None:
    assert len(module_map.modules(folder)) <= MOST_MODULES
    assert module_map.first_sentence((folder / "__init__.py").read_text(encoding="utf-8"))


def test_the_map_of_modules_is_the_tree() -> None:
    assert module_map.written() == module_map.table(), "write it anew: python -m tests.module_map"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES)
    waiting = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    while free := [module for module, needs in waiting.items() if not needs & waiting.keys()]:
        for module in free:
            del waiting[module]
    assert not waiting, f"a circle is among {sorted(waiting)}"


MOST_LINES = 400


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_can_be_read_in_one_sitting(source: Path) -> None:
    assert len(source.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls")]


MOST_PARAMETERS = 7


@pytest.mark.parametrize("source", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_belongs_together_is_handed_over_as_one_value(source: Path) -> None:
    """A typer command and a tool of MCP are left out: their parameters are their options."""
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = " ".join(map(ast.unparse, node.decorator_list))
            is_command = "command" in decorators or "server.tool" in decorators
            assert is_command or len(parameters(node)) <= MOST_PARAMETERS, f"{node.name} at line {node.lineno}"
