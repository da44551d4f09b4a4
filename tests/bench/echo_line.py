"""Hear one line of music beside the program's own sound: ``echo_line.py [--seeds 301 302] [--instruments flute …]``.

A melody is played right by the soundfont, in time, while the program sounds an accompaniment of held chords, or the
metronome, over loudspeakers in a room, a little late and so much softer than the player. Prints how many of the written
notes were lost and how many were told that nobody played, live and with the second look; ``none`` as the player is what
the program alone is taken for.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from one_line_sounds import BEAT_SEC, INSTRUMENTS, RATE, Line, Sound, in_room, line_of, melody, rendered

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.assess import assess
from tutor.assessing.assessment import HIT
from tutor.course import Course
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.listen.playback import Playback
from tutor.metronome import clicks
from tutor.performance import Performance, TakeRecorder
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.synth import SCORE, Renderer, soundfont_path
from tutor.take_time import TakeTime

BLOCK, LATE_SEC, START_SEC, ROOM = 512, 0.06, 0.2, (0.35, 6.0)
CHORD, BEATS = (0, 4, 7), 4
WRITTEN_ABOVE = {"guitar": 12}
LOUDNESS_DB = (None, -20.0, -12.0, -6.0, 0.0)
WAYS = {"chords": (True, False), "metronome": (False, True)}  # accompanied, clicked
Counts = dict[str, int]


@dataclass(frozen=True, eq=False)
class Part:
    """A melody as sound, and the score of it with chords for the left hand; ``START_SEC`` is beat 0."""

    line: Line
    score: Score


def part_of(instrument: str, seed: int) -> Part:
    """A melody of 24 notes with a held chord for each two beats, an octave and more below."""
    line = melody(instrument, seed, 24)
    beats = [round((onset - START_SEC) / BEAT_SEC, 3) for onset, _ in line.notes]
    lengths = [*np.diff(beats).tolist(), 1.0]
    above = WRITTEN_ABOVE.get(instrument, 0)
    rows = [
        (beat, length, round(pitch) + above, 70, RIGHT, 1, 0, 0, 0, "", 0, False)
        for beat, length, (_, pitch) in zip(beats, lengths, line.notes, strict=True)
    ]
    rng, end = np.random.default_rng([seed, 5]), 4 * int(np.ceil((beats[-1] + 1) / 4))
    for beat in range(0, end, 2):
        root = int(rng.integers(43, 56))
        rows += [(beat, 2, root + step, 60, LEFT, 2, 0, 0, 0, "", 0, False) for step in CHORD]
    bars = [(number + 1, number + 1, 4 * number, 4 * number + 4) for number in range(end // 4)]
    tempo = TempoMap.of([(0.0, 60 / BEAT_SEC)])
    return Part(line, Score(np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE), tempo=tempo))


def own_sound(part: Part, accompanied: bool, clicked: bool) -> Sound:
    """What the program sounds along the melody."""
    renderer, events = Renderer(soundfont_path(), RATE), list[tuple[float, int, int]]()
    for row in part.score.notes[part.score.notes["hand"] == LEFT] if accompanied else ():
        events.append((float(row["onset_beat"]), 1, int(row["pitch"])))
        events.append((float(row["onset_beat"] + 0.95 * row["duration_beat"]), 0, int(row["pitch"])))
    if clicked:
        events += [(click.onset_beat, 2 + click.accent, 0) for click in clicks(part.score, 0.0, part.score.end_beat)]
    at_sec, parts = 0.0, list[Sound]()
    for beat, kind, pitch in sorted(events):
        due_sec = START_SEC + beat * BEAT_SEC
        if due_sec > at_sec:
            parts.append(rendered(renderer, due_sec - at_sec))
        at_sec = due_sec
        if kind >= 2:
            renderer.click(accent=kind > 2)
        elif kind:
            renderer.note_on(pitch, 60, SCORE)
        else:
            renderer.note_off(pitch, SCORE)
    return np.concatenate([*parts, rendered(renderer, 1.0)])


def counted_in(sound: Sound, beats: int) -> Sound:
    """The sound after clicks that lead to its beat 0."""
    silent, sound = np.split(sound, [round(START_SEC * RATE)])
    renderer, parts = Renderer(soundfont_path(), RATE), [silent]
    for beat in range(beats):
        renderer.click(accent=beat == 0)
        parts.append(rendered(renderer, BEAT_SEC))
    return np.concatenate([*parts, sound])


def over_loudspeakers(sound: Sound) -> Sound:
    """The same as it comes to the microphone, late and in a room, of peak 1."""
    late = np.concatenate([np.zeros(round(LATE_SEC * RATE), np.float32), sound])
    wet = in_room(line_of("voice", late, []), *ROOM).sound
    return np.asarray(wet / np.abs(wet).max(), np.float32)


def together(player: Sound, own: Sound, loudness_db: float | None) -> Sound:
    """Both, the program so loud against the peaks of the player; None is headphones."""
    size = max(len(player), len(own))
    both = np.pad(player, (0, size - len(player)))
    if loudness_db is not None:
        both = both + 0.7 * 10 ** (loudness_db / 20) * np.pad(own, (0, size - len(own)))
    quiet = np.random.default_rng(3).normal(0, 1e-4, size)
    return (0.7 * both + quiet).astype(np.float32)


def lesson(
    part: Part, sound: Sound, own: Sound | None, beats: int, settings: PracticeSettings, instrument: str
) -> tuple[Performance, Performance]:
    """What is heard live, and with the second look; ``own`` is what the program is known to sound.

    Both begin with a count-in of so many ``beats``, before second 0.
    """
    playback = Playback(RATE) if own is not None else None
    score, recorder, hearing = part.score, TakeRecorder(0.0), Hearing(instrument, playing=lambda: playback)
    follower, listener = Follower(score, hands=settings.hands.code), hearing.listen(RATE, -beats * BEAT_SEC)
    expecting = Expecting(score, hearing, 0.0, settings)
    expecting.moved(Course(score, settings).opening(START_SEC - beats * BEAT_SEC, 1.0, 0.0), ())
    for start in range(0, len(sound), BLOCK):
        stamp_sec = start / RATE - beats * BEAT_SEC
        expecting.ticked(stamp_sec)
        if playback is not None and own is not None:
            playback.add(np.pad(own, (0, BLOCK))[start : start + BLOCK, None], stamp_sec)
        for event in listener.feed(sound[start : start + BLOCK]):
            recorder.add(event)
            if isinstance(event, NoteOn):
                expecting.heard(event, follower.step(event))
    listener.finish()
    return recorder.performance(), expecting.hindsight(recorder.performance(), TakeTime(0.0))


def counted(score: Score, performance: Performance) -> Counts:
    """Written notes that were lost, notes that nobody played."""
    written = int((score.notes["hand"] == RIGHT).sum())
    if not len(performance.notes):
        return {"written": written, "lost": written, "false": 0}
    hits = assess(score, performance, hands=RIGHT).count(HIT)
    return {"written": written, "lost": written - hits, "false": len(performance.notes) - hits}


def main() -> None:
    """Sound, hear and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[301, 302])
    parser.add_argument("--instruments", nargs="+", default=list(INSTRUMENTS), choices=list(INSTRUMENTS))
    parser.add_argument("--unknown", dest="known", action="store_false", help="take nothing out of what is heard")
    parser.add_argument("--at-once", action="store_true", help="without a count-in")
    arguments = parser.parse_args()
    beats = 0 if arguments.at_once else BEATS
    total: dict[tuple[str, str, str, str], Counts] = {}
    for instrument in arguments.instruments:
        for part in [part_of(instrument, seed) for seed in arguments.seeds]:
            silent, before = np.zeros_like(part.line.sound), np.zeros(round(beats * BEAT_SEC * RATE), np.float32)
            for way, (accompanied, clicked) in WAYS.items():
                own = counted_in(own_sound(part, accompanied, clicked), beats)
                wet = over_loudspeakers(own)
                settings = PracticeSettings(
                    Mode.KEEP_TEMPO, Hands.RIGHT, metronome=clicked, accompany=accompanied, count_in_bars=beats // BEATS
                )
                played, nobody = (np.concatenate([before, sound]) for sound in (part.line.sound, silent))
                cases = [("plays", played, loudness) for loudness in LOUDNESS_DB] + [("none", nobody, -6.0)]
                for who, player, loudness_db in cases:
                    known = own if arguments.known else None
                    heard = lesson(part, together(player, wet, loudness_db), known, beats, settings, instrument)
                    for look, performance in zip(("live", "second look"), heard, strict=True):
                        found, key = counted(part.score, performance), (way, who, str(loudness_db), look)
                        print(json.dumps([instrument, *key, found]), flush=True)
                        total[key] = {name: total.get(key, {}).get(name, 0) + count for name, count in found.items()}
    for key, found in total.items():
        print(json.dumps([*key, found]))


if __name__ == "__main__":
    main()
