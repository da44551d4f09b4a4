"""The journal: all takes and judgements, kept in a database that a killed process cannot harm.

`Journal` is the door; `tables` are the tables, `migrations` their history, `spill` the file of last resort. Import
`tutor.journal.journal` away from the start of the window: it brings SQLAlchemy along.
"""
