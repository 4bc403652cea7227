"""Language models: the commands models list, get, test.

What lists and fetches stands apart from its command, so that tests can name other servers and another hub.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from cli.options import AsJson, settings_for
from cli.terminal import echo, echo_error, one_line, print_json, progress_bar
from rag.text.formatting import count

if TYPE_CHECKING:
    from cli.model_trial import Trial
    from rag.models.discovery import Choice, Recommended
    from rag.settings import Settings

group = typer.Typer(rich_markup_mode=None, help="Language models: which could be used, fetch one, try one.")


@group.callback(invoke_without_command=True)
def _without_a_command(context: typer.Context, as_json: AsJson = False) -> int:
    # The options of a command stand after it; without a command this is the list.
    return 0 if context.invoked_subcommand else list_all(context, as_json=as_json)


@group.command("list")
def list_all(context: typer.Context, as_json: AsJson = False) -> int:
    """List what could be used here and now, and what could be fetched."""
    return list_models(settings_for(context), as_json=as_json)


@group.command()
def get(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A recommended model; `newsdesk models` names them.")],
    as_json: AsJson = False,
) -> int:
    """Fetch a recommended model from the Hugging Face hub; the same command goes on after a break."""
    from rag.models.discovery import recommended

    settings = settings_for(context)
    return fetch(settings, recommended(name), as_json=as_json)


@group.command("test")
def try_model(
    context: typer.Context,
    model: Annotated[
        str | None, typer.Option("--model", metavar="SPEC", help="This model instead of the one in NEWSDESK_MODEL.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Ask a model three questions over the sample articles, and show what the check did with its answers."""
    from cli.model_trial import trial_desk, tried
    from rag.models.chat_model import load_model

    settings = settings_for(context)
    chosen = settings if model is None else settings.model_copy(update={"model": model.strip()})
    # A wrong name is told before a library is made for nothing.
    loaded = load_model(chosen)
    if not as_json:
        echo(f"model: {chosen.model}" if loaded else "no language model is set: these are quotes, which need none")
    trials: list[Trial] = []
    with trial_desk(chosen, loaded) as desk:
        for trial in tried(desk, with_model=loaded is not None):
            trials.append(trial)
            if not as_json:
                _print_trial(trial, with_model=loaded is not None)
    failed = any(trial.failed for trial in trials)
    if as_json:
        print_json({"model": chosen.model, "failed": failed, "trials": [trial.as_json() for trial in trials]})
    else:
        _print_verdict(trials, with_model=loaded is not None, failed=failed)
    return 1 if failed else 0


def list_models(settings: Settings, *, as_json: bool, servers: Mapping[int, str] | None = None) -> int:
    """Print what could be used; `servers` on this machine are asked by port, by default those of known programs."""
    from rag.models import discovery

    found = discovery.choices(settings.cache, servers=discovery.SERVERS if servers is None else servers)
    folder = discovery.models_folder(settings.cache)
    if as_json:
        fetchable = [asdict(one) | {"fetched": (folder / one.file).is_file()} for one in discovery.RECOMMENDED]
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
    for model in discovery.RECOMMENDED:
        _print_recommended(model, folder)
    if discovery.local_package_is_missing():
        echo(f"a GGUF file needs another package to run: {discovery.LOCAL_REMEDY}")
    return 0


def fetch(settings: Settings, model: Recommended, *, as_json: bool, environment: Mapping[str, str] = os.environ) -> int:
    """Fetch a model from the hub that the environment names, and print the command that tries it."""
    from rag.models import discovery
    from rag.models.download import fetch_model, hub_address

    hub, folder = hub_address(environment), discovery.models_folder(settings.cache)
    size = discovery.in_gb(model.size)
    if not as_json:
        echo(f"{model.name}: {size}, {model.licence}, {model.repository} at {urlsplit(hub).hostname}")
    try:
        with progress_bar(quiet=as_json) as bar:
            show = (lambda done, total: bar(f"{size} {model.file}", done, total)) if bar else (lambda done, total: None)
            file = fetch_model(model, folder, hub=hub, progress=show)
    except KeyboardInterrupt:
        echo_error(f"stopped; `newsdesk models get {model.name}` goes on where this one ended")
        raise
    spec = f"local:{file}"
    missing = discovery.LOCAL_REMEDY if discovery.local_package_is_missing() else ""
    if as_json:
        print_json({"name": model.name, "file": str(file), "sha256": model.sha256, "model": spec, "missing": missing})
        return 0
    echo(f"{file} is complete: its SHA-256 is the expected one")
    _print_next_steps(spec, missing)
    return 0


def _print_verdict(trials: Sequence[Trial], *, with_model: bool, failed: bool) -> None:
    if with_model:
        shown = sum(trial.kept + trial.corrected for trial in trials)
        echo(f"\n{count(shown, 'sentence')} of the model shown, {sum(trial.removed for trial in trials)} left out")
    if failed:
        echo_error("the model could not be used for every question; mend what is said above, or name another model")


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
    from rag.models.discovery import in_gb

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
