"""How much a file may hold, so that a hostile or mistaken one is refused before it fills the memory."""

MEBIBYTE = 2**20
SIZE_LIMIT = 64 * MEBIBYTE  # of any file, and of what a compressed one unpacks to
MIDI_SIZE_LIMIT = 8 * MEBIBYTE
ABC_SIZE_LIMIT = MEBIBYTE // 4  # a tune book has less, and its grammar is slow
NOTE_LIMIT = 200_000
BAR_LIMIT = 20_000
