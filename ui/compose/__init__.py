"""The compose page: a piece, donors for its features, and candidates to hear, see and keep."""
