"""What is raised: findings as exceptions, each also of the built-in kind that people catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cvm.types import Diagnostic


class CvmError(Exception):
    """Something went wrong: one finding or several. The text lists them all.

    ``code`` (``CVM_…``, stable) and ``path`` (a JSON pointer into the filter or catalog) are those of the first
    finding that stops; ``diagnostics`` has all findings as dicts.
    """

    code: str
    path: str
    diagnostics: list[Diagnostic]

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        """Make an error of findings."""
        super().__init__(message)
        self.diagnostics = list(diagnostics)
        first = next((found for found in self.diagnostics if found["severity"] == "error"), None)
        self.code = first["code"] if first else "CVM_EXECUTION"
        self.path = first["path"] if first else ""


class FilterError(CvmError, ValueError):
    """A filter or catalog has findings."""


class OptionError(CvmError, ValueError):
    """No dialect, statement or setting has this name."""


class DataError(CvmError, ValueError):
    """Data can't be used as it is: broken rows, keys that are missing or stand twice."""


class SourceError(CvmError, OSError):
    """A file or table is of a kind that can't be loaded."""


class SourceNotFoundError(SourceError, FileNotFoundError):
    """A file, table or column is not there, or can't be opened."""


class UnknownCustomerError(CvmError, LookupError):
    """There is no customer with this key."""


class NotSupportedError(CvmError, NotImplementedError):
    """The filter is valid, but this dialect or executor can't express it exactly."""


class JourneyError(CvmError, ValueError):
    """A journey has findings, or what it was told is refused: then nothing has changed.

    ``findings`` are the same as ``diagnostics``; those of journeys also have ``nodes``, ``edges`` and ``fix``, edits
    that put it right (``cvm.edit_journey``).
    """

    @property
    def findings(self) -> list[Diagnostic]:
        """All findings, as dicts."""
        return self.diagnostics


class JourneyFolderError(JourneyError, OSError):
    """The folder of journeys can't be used, is open elsewhere, or a clock jumped."""


class MemoryBudgetError(CvmError, MemoryError):
    """The work needs more memory than it was given."""


class EngineError(CvmError, RuntimeError):
    """The engine can't answer: nothing is loaded, or running the question failed."""


# What is not here is a finding about a filter or a catalog.
_CLASSES: dict[str, type[CvmError]] = {
    "CVM_BAD_ROWS": DataError,
    "CVM_CANCELLED": EngineError,
    "CVM_EXECUTION": EngineError,
    "CVM_JOURNEY_STORE": JourneyFolderError,
    "CVM_KEY_NOT_UNIQUE": DataError,
    "CVM_MEMORY_BUDGET": MemoryBudgetError,
    "CVM_NOTHING_LOADED": EngineError,
    "CVM_NOT_SUPPORTED": NotSupportedError,
    "CVM_SOURCE_KIND": SourceError,
    "CVM_SOURCE_NOT_FOUND": SourceNotFoundError,
    "CVM_TABLE_SHAPE": DataError,
    "CVM_UNKNOWN_CUSTOMER": UnknownCustomerError,
    "CVM_UNKNOWN_OPTION": OptionError,
}


def error_from_findings(message: str, diagnostics: Sequence[Diagnostic]) -> CvmError:
    """Make the error whose class fits the first finding that stops."""
    first = next((found for found in diagnostics if found["severity"] == "error"), None)
    other = JourneyError if first and first["code"].startswith("CVM_JOURNEY") else FilterError
    kind = _CLASSES.get(first["code"], other) if first else EngineError
    return kind(message, diagnostics)
