"""Rules for what was struck: wrong keys, keys left out, keys too many."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.note_names import note_name
from tutor.assessing.assessment import MISSED, WRONG
from tutor.assessing.heard import Heard, Take
from tutor.assessing.mistake import Degree, Failed, Mistake

LEAP_SEMITONES = 7  # further than a hand reaches without moving
STRIDE_SEC = 0.12  # a stray note this close to a chord was grazed with it


def feature_of(take: Take, note: Heard) -> Failed:
    """Which feature a note that was not struck right speaks of: a leap, the texture of a chord, or reading."""
    if take.leap_to(note) > LEAP_SEMITONES:
        return Failed.LEAP
    return Failed.TEXTURE if take.is_chord(note) else Failed.PITCH_READING


def wrong_keys(take: Take) -> Iterator[Mistake]:
    """A written note was not struck, and another key was: an octave off, a neighbouring key, or a wrong note."""
    for note in take.notes:
        if note.verdict != WRONG:
            continue
        struck = int(take.performance.notes["pitch"][note.played])
        away, written = abs(struck - note.pitch), take.named(note)
        where, played = take.hand_in_words(note), note_name(struck)
        if away == 12:
            direction = "high" if struck > note.pitch else "low"
            yield take.mistake(note, "octave", Failed.LEAP, f"The {written}{where} was an octave too {direction}.")
        elif away <= 2:
            says = f"{played} instead of {written}{where}: the key next to it."
            yield take.mistake(note, "neighbour", feature_of(take, note), says)
        else:
            yield take.mistake(note, "wrong", feature_of(take, note), f"{played} instead of {written}{where}.")


def missing_notes(take: Take) -> Iterator[Mistake]:
    """A written note was not struck, nor anything in its place."""
    for note in take.notes:
        if note.verdict == MISSED and not note.grace:
            says = f"The {take.named(note)}{take.hand_in_words(note)} is missing."
            yield take.mistake(note, "missing", feature_of(take, note), says, Degree.SLIGHT)


def corrected(take: Take) -> Iterator[Mistake]:
    """A wrong key was struck, and put right."""
    for one in take.corrections.values():
        written, where = take.named(one.note), take.hand_in_words(one.note)
        says = f"First struck {note_name(one.struck)} for the {written}{where}, then put it right."
        yield take.mistake(one.note, "corrected", feature_of(take, one.note), says)


def extra_notes(take: Take) -> Iterator[Mistake]:
    """A key was struck that nobody wrote, nor put right: grazed beside a chord, or put in between."""
    put_right = {one.stray for one in take.corrections.values()}
    for stray in take.assessment.extra:
        if int(stray["played"]) in put_right:
            continue
        played = take.performance.notes[stray["played"]]
        pitch, time = int(played["pitch"]), float(played["onset_sec"])
        curve = take.assessment.curves[stray["pass_index"]] if stray["pass_index"] >= 0 else None
        beside = curve is not None and bool((abs(curve.time_sec - time) < STRIDE_SEC).any())
        says = f"An extra {note_name(pitch)}" + (", grazed beside the right keys." if beside else ", in between.")
        yield Mistake(
            kind="extra",
            onset_beat=float(stray["onset_beat"]),
            bar=int(stray["bar"]),
            hand=None,
            time_sec=time,
            tempo_bpm=take.assessment.tempo_bpm,
            feature=Failed.TEXTURE if beside else Failed.PITCH_READING,
            says=says,
            pitch=pitch,
            played=int(stray["played"]),
            pass_index=int(stray["pass_index"]),
            degree=Degree.SLIGHT,
        )
