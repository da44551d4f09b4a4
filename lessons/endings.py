"""How the files of teachers and pupils end, for who only wants to know them by name."""

ASSIGNMENT_ENDING, RESULT_ENDING = ".dacapo", ".dacapo-result"
