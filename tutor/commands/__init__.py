"""The jobs that need no window: one module a command, each with ``configure(parser)`` and ``run(arguments, parts)``."""
