"""The pipeline of LangChain's retrieval tutorial, to compare with: splitter, HuggingFaceEmbeddings, Chroma."""

from __future__ import annotations

import importlib.util
import json
import os
import time
from pathlib import Path
from typing import Any

from eval.errors import MissingPackage
from eval.runs import machine

PACKAGES = ("langchain_chroma", "langchain_huggingface", "langchain_text_splitters")

# As in the tutorial; Chroma refuses more than 5,461 at once, and the library does not split.
CHUNK_CHARACTERS = 1000
CHUNK_OVERLAP = 200
CHUNKS_AT_ONCE = 5000


def check_packages() -> None:
    """Raise `MissingPackage`, naming what to install, where the comparison cannot run."""
    missing = [name.replace("_", "-") for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingPackage(
            f"the comparison needs {', '.join(missing)}; "
            "run `make setup EXTRAS=bench`, or leave it out with --skip-langchain"
        )


def build(folder: Path, source: Path, *, warm_up: str) -> dict[str, Any]:
    """Split, embed and store the texts of a JSONL file; times everything but importing and loading the model."""
    check_packages()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from rag.models.onnx_export import DEFAULT_MODEL, weights_folder

    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    embeddings = HuggingFaceEmbeddings(model_name=str(weights_folder(DEFAULT_MODEL)), model_kwargs={"device": "cpu"})
    embeddings.embed_documents([warm_up])
    start = time.perf_counter()
    documents = [Document(page_content=row["text"], metadata={"title": row.get("title", "")}) for row in rows]
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARACTERS, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.split_documents(documents)
    for begin in range(0, len(chunks), CHUNKS_AT_ONCE):
        Chroma.from_documents(chunks[begin : begin + CHUNKS_AT_ONCE], embeddings, persist_directory=str(folder))
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "passages": len(chunks),
        "articles": len(rows),
        "problems": 0,
        "peak_mb": machine.peak_memory_mb(),
    }
