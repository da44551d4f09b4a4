"""What there is to play: scores, files, the library, difficulty, fingering, exercises."""
