"""What can go wrong, in one line that a learner can read: the root of all errors of the program."""

EXIT_OTHER = 1
EXIT_INPUT = 2
EXIT_DEVICE = 3


class TutorError(Exception):
    """The root: ``str(error)`` is one line that names thing, place and reason; ``status`` is the exit status."""

    status = EXIT_OTHER


class InputError(TutorError, ValueError):
    """A flag or a value that cannot be used."""

    status = EXIT_INPUT


class FormatError(InputError):
    """A file that cannot be read as what it should be."""


class ComposerError(InputError):
    """An analogy that a composer cannot answer well; the message says why."""


class DeviceError(TutorError, OSError):
    """A device is missing, refused or was lost."""

    status = EXIT_DEVICE


class JournalError(TutorError, OSError):
    """The journal cannot be opened or written."""

    status = EXIT_OTHER


class CheckpointError(TutorError, ValueError):
    """Weights that are missing, damaged or foreign; the message names their hash."""

    status = EXIT_INPUT
