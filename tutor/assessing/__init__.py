"""The parts of the judgement after the take: passes, the tempo curve, and which note is which."""
