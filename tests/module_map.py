"""The map of folders and modules in docs/how-it-works.md: `python -m tests.module_map` writes it anew.

A folder's line is its docstring's first sentence, so that the map cannot say anything else than the code.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "how-it-works.md"
PACKAGES = ("rag", "ingest", "prompts", "newsletter", "web", "cli", "eval")
_BEGIN, _END = "<!-- modules: `python -m tests.module_map` writes this table -->\n", "<!-- end of modules -->"


def folders() -> list[Path]:
    """Every folder with modules of ours, each package before what is in it."""
    return [init.parent for package in PACKAGES for init in sorted((ROOT / package).rglob("__init__.py"))]


def modules(folder: Path) -> list[str]:
    """The modules of a folder itself, without `__init__`."""
    return sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__")


def first_sentence(source: str) -> str:
    """The first sentence of a module's docstring, on one line; "" where it has none."""
    paragraph, _, _ = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")
    text = " ".join(paragraph.split())
    return re.split(r"(?<=[.!?])\s(?=[A-Z])", text, maxsplit=1)[0]


def table() -> str:
    """The map as a Markdown table."""
    rows = ["| folder | what | modules |", "|---|---|---|"]
    for folder in folders():
        says = first_sentence((folder / "__init__.py").read_text(encoding="utf-8"))
        rows.append(f"| `{folder.relative_to(ROOT).as_posix()}/` | {says} | {' '.join(modules(folder))} |")
    return "\n".join(rows) + "\n"


def written() -> str:
    """The map as the document holds it; raises `ValueError` where its marks are gone."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text[text.index(_BEGIN) + len(_BEGIN) : text.index(_END)]


def write() -> None:
    """Write the map into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = text.index(_BEGIN) + len(_BEGIN), text.index(_END)
    DOCUMENT.write_text(text[:begin] + table() + text[end:], encoding="utf-8")


if __name__ == "__main__":
    write()
