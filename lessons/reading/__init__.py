"""A readable page of notes that were played, or whose file is uneven: what `lessons.engrave` writes down of them."""
