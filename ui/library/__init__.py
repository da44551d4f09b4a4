"""The library page: pieces to choose, a look at one, and variations of it."""
