"""The history of the journal's tables, one file a version, run by Alembic from `tutor.journal.schema`."""
