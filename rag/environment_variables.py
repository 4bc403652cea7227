"""Settings as the environment gives them: each by its variable, a secret also by the file that holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from rag.errors import SettingsError

_OF_A_FILE = "_FILE"


def variables(environment: Mapping[str, str], *, prefix: str, secrets: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every variable with the prefix, without it and in small letters, with its value.

    `NAME_FILE` of one of the `secrets` gives NAME, the file's content, as containers hand out secrets. Raises
    `SettingsError` where it cannot be read, or where NAME is set as well.
    """
    for variable, value in environment.items():
        if not variable.startswith(prefix):
            continue
        named = variable.removesuffix(_OF_A_FILE)
        name = named.removeprefix(prefix).lower()
        if named == variable or name not in secrets:
            yield variable.removeprefix(prefix).lower(), value
        elif value:
            if environment.get(named):
                raise SettingsError(f"environment variables {named} and {variable} are both set; unset one of them")
            yield name, _content(variable, value)


def _content(variable: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(
            f"environment variable {variable}: {file!r} cannot be read ({reason}); name the file that holds the secret"
        ) from error
