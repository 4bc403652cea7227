"""What `newsdesk models` does: list the language models that could be used, fetch one, try one.

Each prints its result, as text or as JSON, and returns the exit code. Errors meant for the reader are raised.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from rag.models.discovery import (
    LOCAL_REMEDY,
    RECOMMENDED,
    SERVERS,
    Choice,
    Recommended,
    choices,
    in_gb,
    local_package_is_missing,
    models_folder,
    recommended,
)
from rag.models.download import fetch_model, hub_address
from rag.settings import Settings
from rag.text.formatting import count
from web.model_trial import Trial, trial_desk, tried
from web.terminal import echo, echo_error, one_line, print_json, progress_bar


def list_models(settings: Settings, *, as_json: bool, servers: Mapping[int, str] = SERVERS) -> int:
    """Print what could be used here and now, and what could be fetched."""
    found, folder = choices(settings.cache, servers=servers), models_folder(settings.cache)
    if as_json:
        fetchable = [asdict(model) | {"fetched": (folder / model.file).is_file()} for model in RECOMMENDED]
        print_json({"model": settings.model, "usable": [asdict(one) for one in found], "recommended": fetchable})
        return 0
    chosen = "none: answers are quotes, which need no model" if settings.model.strip() == "quotes" else settings.model
    echo(f"in use: {chosen}")
    echo("could be used here, as --model of `newsdesk models test` or as NEWSDESK_MODEL:")
    for one in found:
        _print_choice(one)
    if not found:
        echo("  nothing: no key, no server on this machine and no GGUF file was found")
    echo("could be fetched, with `newsdesk models get NAME`:")
    for model in RECOMMENDED:
        _print_recommended(model, folder)
    if local_package_is_missing():
        echo(f"a GGUF file needs another package to run: {LOCAL_REMEDY}")
    return 0


def get_model(
    settings: Settings,
    name: str,
    *,
    as_json: bool,
    find: Callable[[str], Recommended] = recommended,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Fetch a recommended model, and print the command that tries it."""
    model, hub = find(name), hub_address(environment)
    folder = models_folder(settings.cache)
    shown = not as_json and sys.stderr is not None and sys.stderr.isatty()
    if not as_json:
        echo(f"{model.name}: {in_gb(model.size)}, {model.licence}, {model.repository} at {urlsplit(hub).hostname}")
    try:
        with progress_bar(shown=shown) as bar:
            text = f"{in_gb(model.size)} {model.file}"
            told = (lambda done, total: bar(text, done, total)) if bar else (lambda done, total: None)
            file = fetch_model(model, folder, hub=hub, progress=told)
    except KeyboardInterrupt:
        echo_error(f"stopped; `newsdesk models get {model.name}` goes on where this one ended")
        raise
    spec, missing = f"local:{file}", LOCAL_REMEDY if local_package_is_missing() else ""
    if as_json:
        print_json({"name": model.name, "file": str(file), "sha256": model.sha256, "model": spec, "missing": missing})
        return 0
    echo(f"{file} is complete: its SHA-256 is the expected one")
    _print_next_steps(spec, missing)
    return 0


def try_model(settings: Settings, spec: str | None, *, as_json: bool) -> int:
    """Ask three questions over the sample articles; 1 where the model could not be used for one of them."""
    from rag.models.chat_model import load_model

    chosen = settings if spec is None else settings.model_copy(update={"model": spec.strip()})
    # A wrong name is told before a library is made for nothing.
    model = load_model(chosen)
    if not as_json:
        echo(f"model: {chosen.model}" if model else "no language model is set: these are quotes, which need none")
    trials: list[Trial] = []
    with trial_desk(chosen, model) as desk:
        for trial in tried(desk, with_model=model is not None):
            trials.append(trial)
            if not as_json:
                _print_trial(trial, with_model=model is not None)
    failed = any(trial.failed for trial in trials)
    if as_json:
        print_json({"model": chosen.model, "failed": failed, "trials": [trial.as_json() for trial in trials]})
        return 1 if failed else 0
    if model is not None:
        shown = sum(trial.kept + trial.corrected for trial in trials)
        echo(f"\n{count(shown, 'sentence')} of the model shown, {sum(trial.removed for trial in trials)} left out")
    if failed:
        echo_error("the model could not be used for every question; mend what is said above, or name another model")
    return 1 if failed else 0


def _print_trial(trial: Trial, *, with_model: bool) -> None:
    answer = trial.answer
    echo(f"\n{answer.question.text}  ({answer.outcome.replace('_', ' ')}, {trial.seconds:.1f} s)")
    for line in answer.text.splitlines():
        echo(f"  {line}")
    if with_model:
        echo(
            f"  check: {trial.kept} kept, {trial.corrected} with a corrected citation, "
            f"{trial.replaced} replaced by quotes, {trial.removed} removed"
        )
    for removal in answer.provenance.removed:
        echo(f"  removed: {one_line(removal.text)} ({removal.reason})")
    if answer.provenance.notice:
        echo_error(answer.provenance.notice)


def _print_choice(choice: Choice) -> None:
    needs = f"; first: {choice.missing}" if choice.missing else ""
    echo(f"  {shlex.quote(choice.spec)}  ({choice.about}{needs})")


def _print_recommended(model: Recommended, folder: Path) -> None:
    there = ", fetched" if (folder / model.file).is_file() else ""
    size = f"{in_gb(model.size)}, {model.memory_gb:g} GB of memory, {model.licence}{there}"
    echo(f"  {model.name}  ({size}; {model.about})")


def _print_next_steps(spec: str, missing: str) -> None:
    if missing:
        echo(f"to run it, first: {missing}")
    echo(f"try it:     newsdesk models test --model {shlex.quote(spec)}")
    echo(f"use it:     NEWSDESK_MODEL={shlex.quote(spec)} newsdesk ask QUESTION")
    echo(f"use always: this line in newsdesk.toml:  model = {_toml(spec)}")


def _toml(text: str) -> str:
    """A TOML string; a literal one where that can be, because paths of Windows have backslashes."""
    return f"'{text}'" if "'" not in text else json.dumps(text, ensure_ascii=False)
