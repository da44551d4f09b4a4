"""Hear a learner beside the program's own sound: ``echo.py --data ../shared/data [--font FILE] [--notes DIR]``.

The right hand of a piece is played with faults put in; the left hand is sounded by the program, over loudspeakers in
a room, a little late, louder and louder against the learner. Prints a JSON object a take: faults among the written
notes, false alarms, and extra notes that were told beside those that were played; live and with the second look.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import piano_sounds as sounds
from piano_held_back import BLOCK, SEED, Take, add_flags, figures, judged_by, pianos_of, take_of
from piano_sounds import Piano, Sound

from lessons.score import LEFT, RIGHT
from tutor.assess import assess
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.listen.expecting import Expecting
from tutor.listen.listener import PIANO, Hearing
from tutor.listen.playback import Playback
from tutor.performance import PLAYED_DTYPE, Performance, TakeRecorder
from tutor.practice import Hands, PracticeSettings
from tutor.synth import soundfont_path
from tutor.take_time import TakeTime
from tutor.transport import Transport

START_SEC, LATE_SEC, ROOM = 0.4, 0.08, (0.3, 0.5)
LEFT_OUT, BESIDE = 0.06, 0.05
LOUDNESS_DB = (None, -12.0, -6.0, 0.0)  # of the program against the learner; None is headphones
SETTINGS = PracticeSettings(hands=Hands.RIGHT, accompany=True)


def right_hand(take: Take, rng: np.random.Generator) -> Take:
    """The same score, its right hand played in time but for some keys."""
    rows, played, strays = [], set(), []
    onsets, lengths = _times(take)
    for row in np.flatnonzero(take.score.notes["hand"] == RIGHT).tolist():
        fault, pitch = rng.random(), int(take.score.notes["pitch"][row])
        if fault < LEFT_OUT:
            continue
        onset, beside = onsets[row] + abs(rng.normal(0, 0.008)), pitch + int(rng.choice([-2, -1, 1, 2]))
        key = beside if fault < LEFT_OUT + BESIDE else pitch
        rows.append((onset, lengths[row], key, int(np.clip(rng.normal(68, 12), 30, 110))))
        if key == pitch:
            played.add(row)
        else:
            strays.append((onset, key))
    return replace(
        take, notes=np.array(sorted(rows), PLAYED_DTYPE), played_rows=frozenset(played), strays=tuple(strays)
    )


def accompaniment(take: Take, program: Piano) -> Sound:
    """The left hand by the program."""
    onsets, lengths = _times(take)
    rows = np.flatnonzero(take.score.notes["hand"] == LEFT).tolist()
    left = [(onsets[row], lengths[row], int(take.score.notes["pitch"][row]), 64) for row in rows]
    return program.sound(np.array(sorted(left), PLAYED_DTYPE))


def beside(take: Take, piano: Piano, own: Sound, loudness_db: float | None, rng: np.random.Generator) -> Sound:
    """The take by ``piano``, and what the program sounds in the room, so loud against it."""
    sound = piano.sound(take.notes)
    if loudness_db is not None:
        echo = sounds.in_room(np.concatenate([np.zeros(round(LATE_SEC * sounds.RATE), np.float32), own]), rng, *ROOM)
        gain = 10 ** (loudness_db / 20) * np.sqrt(np.mean(sound**2) / np.mean(echo**2))
        both = np.zeros(max(len(sound), len(echo)), np.float32)
        both[: len(sound)] += sound
        both[: len(echo)] += gain * echo
        sound = both
    return 0.5 * sound / np.abs(sound).max()


def _times(take: Take) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each row of the score is due, and how long it is held, in seconds."""
    notes, tempo = take.score.notes, take.score.tempo
    start = tempo.seconds_at(notes["onset_beat"])
    end = tempo.seconds_at(notes["onset_beat"] + notes["duration_beat"])
    return START_SEC + start - tempo.seconds_at(take.score.start_beat), np.maximum(0.08, 0.9 * (end - start))


def lesson(take: Take, sound: Sound, own: Sound | None) -> Iterator[tuple[str, Performance]]:
    """What is heard live, and with the second look; ``own`` is what the program is known to sound."""
    playback = Playback(sounds.RATE) if own is not None else None
    score, recorder, hearing = take.score, TakeRecorder(0.0), Hearing(PIANO, playing=lambda: playback)
    follower, listener = Follower(score, hands=SETTINGS.hands.code), hearing.listen(sounds.RATE, 0.0)
    expecting = Expecting(score, hearing, score.start_beat, SETTINGS)
    expecting.moved(Transport.at(score.tempo, score.start_beat, START_SEC), ())
    for start in range(0, len(sound), BLOCK):
        expecting.ticked(start / sounds.RATE)
        if playback is not None and own is not None:
            block = own[start : start + BLOCK]
            playback.add(np.pad(block, (0, BLOCK - len(block)))[:, None], start / sounds.RATE)
        for event in listener.feed(sound[start : start + BLOCK]):
            recorder.add(event)
            if isinstance(event, NoteOn):
                expecting.heard(event, follower.step(event))
    yield "live", recorder.performance()
    yield "second look", expecting.hindsight(recorder.performance(), TakeTime(0.0))


def main() -> None:
    """Sound, hear and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_flags(parser)
    parser.add_argument("--pieces", type=int, default=2)
    parser.add_argument("--unknown", dest="known", action="store_false", help="take nothing out of what is heard")
    arguments = parser.parse_args()
    rng, gathered = np.random.default_rng(SEED), dict[tuple[str, str], list[dict[str, float]]]()
    program = sounds.soundfont(soundfont_path(), 0)
    for path in judged_by(arguments.data)[: arguments.pieces]:
        take = right_hand(take_of(path, rng), rng)
        own = accompaniment(take, program)
        for piano in pianos_of(arguments.data, arguments.font, arguments.notes):
            for loudness_db in LOUDNESS_DB:
                for way, performance in lesson(
                    take, beside(take, piano, own, loudness_db, rng), own if arguments.known else None
                ):
                    judged = assess(take.score, performance, hands=SETTINGS.hands.code)
                    found = figures(take, judged, frozenset(np.flatnonzero(take.score.notes["hand"] == RIGHT).tolist()))
                    about = {"piece": path.stem, "piano": piano.name, "loudness_db": loudness_db, "heard": way}
                    print(json.dumps(about | {name: round(value, 4) for name, value in found.items()}), flush=True)
                    gathered.setdefault((str(loudness_db), way), []).append(found)
    for key, rows in gathered.items():
        print(
            json.dumps(
                {"mean": key} | {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
            )
        )


if __name__ == "__main__":
    main()
