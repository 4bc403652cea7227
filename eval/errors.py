"""What can go wrong in an evaluation, as sentences for whoever runs it."""

from __future__ import annotations

from rag.errors import NewsdeskError, UsageError


class EvaluationError(NewsdeskError):
    """The evaluation cannot be carried out (exit code 1)."""


class CaseError(UsageError):
    """A case file is wrong: the message names the file and line, or the case (exit code 2)."""


class MissingPackage(UsageError):
    """A package that only this command needs is not installed: the message says how to get it (exit code 2)."""
