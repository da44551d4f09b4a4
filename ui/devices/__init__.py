"""The devices page: what is there, what is missing and how to get it."""
