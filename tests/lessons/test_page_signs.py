"""What a page says beside its notes: read, unfolded, cut, moved, written and read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from malformed import musicxml
from scores import score_of, scores, two_hand_score

from lessons.exercise import excerpt
from lessons.files.musicxml import parse_musicxml
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.page_signs import (
    ABOVE,
    ANYWHERE,
    BELOW,
    CLEF_DTYPE,
    DIRECTION_DTYPE,
    DYNAMICS,
    FERMATA,
    METRONOME,
    OCTAVE,
    PEDAL,
    SLUR_DTYPE,
    SYLLABLE_DTYPE,
    TEMPO,
    WEDGE,
    WORDS,
    PageSigns,
)
from lessons.score import ARPEGGIO, LEFT, RIGHT, Score
from lessons.timing import TempoMap
from lessons.transposition import as_sounding, as_written


def sign(content: str, staff: int = 1, placement: str = "below") -> str:
    told = f"<direction-type>{content}</direction-type><staff>{staff}</staff>"
    return f'<direction placement="{placement}">{told}</direction>'


def key(step: str, octave: int, duration: int, staff: int = 1, notations: str = "", lyric: str = "") -> str:
    """A note; one without a duration is a grace note."""
    length = f"<duration>{duration}</duration>" if duration else ""
    return (
        f"<note>{'' if duration else '<grace/>'}<pitch><step>{step}</step><octave>{octave}</octave></pitch>{length}"
        f"<voice>{4 * staff - 3}</voice><staff>{staff}</staff><notations>{notations}</notations>{lyric}</note>"
    )


def slur(kind: str, number: int = 1) -> str:
    return f'<slur type="{kind}" number="{number}"/>'


FIRST = (
    '<measure number="1"><attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>'
    '<staves>2</staves><clef number="1"><sign>G</sign><line>2</line></clef>'
    '<clef number="2"><sign>F</sign><line>4</line></clef></attributes>'
)
PAGE = (
    FIRST + '<direction placement="above"><direction-type><words font-weight="bold">Allegro</words></direction-type>'
    "<direction-type><metronome><beat-unit>half</beat-unit><beat-unit-dot/><per-minute>60</per-minute></metronome>"
    "</direction-type></direction>"
    + sign("<dynamics><mf/></dynamics>")
    + sign('<wedge type="crescendo" number="1"/>')
    + sign('<pedal type="start" line="no"/>', 2)
    + key("A", 4, 0, notations=slur("start", 2))
    + key("B", 4, 4, notations=slur("start") + slur("stop", 2))
    + sign('<wedge type="stop" number="1"/>')
    + sign('<words font-style="italic">dolce </words>', placement="above")
    + key("C", 5, 4, notations="<arpeggiate/>")
    + "<backup><duration>8</duration></backup>"
    + key("C", 3, 4, 2)
    + '<attributes><clef number="2"><sign>C</sign><line>4</line></clef></attributes>'
    + key("C", 4, 4, 2, "<fermata/>")
    + sign('<pedal type="stop" line="no"/>', 2)
    + '</measure><measure number="2">'
    + key("D", 5, 8, notations=slur("stop"))
    + "<backup><duration>8</duration></backup>"
    + sign("<dynamics><other-dynamics>poco f</other-dynamics></dynamics>", 2, "above")
    + key("C", 3, 8, 2)
    + "</measure>"
)


@pytest.fixture
def page() -> Score:
    return parse_musicxml(musicxml(PAGE))


def said(signs: PageSigns) -> dict[str, list[tuple[object, ...]]]:
    """All that signs hold, in an order that does not hang on that of the file."""
    return {name: sorted(getattr(signs, name).tolist()) for name in ("directions", "slurs", "clefs", "syllables")}


def test_a_page_is_read_with_its_directions_slurs_clefs_and_syllables(page: Score) -> None:
    assert said(page.signs) == {
        "directions": [
            (0.0, 0.0, 0, RIGHT, BELOW, DYNAMICS, "mf"),
            (0.0, 0.0, 0, RIGHT, ABOVE, METRONOME, "half.=60"),
            (0.0, 0.0, 0, RIGHT, ABOVE, TEMPO, "Allegro"),
            (0.0, 2.0, 0, RIGHT, BELOW, WEDGE, "crescendo"),
            (0.0, 4.0, 0, LEFT, BELOW, PEDAL, "sign"),
            (2.0, 2.0, 0, LEFT, ABOVE, FERMATA, ""),
            (2.0, 2.0, 0, RIGHT, ABOVE, WORDS, "dolce"),
            (4.0, 4.0, 0, LEFT, ABOVE, DYNAMICS, "poco f"),
        ],
        "slurs": [(0.0, 69, True, 0.0, 71, False, 0, ANYWHERE), (0.0, 71, False, 4.0, 74, False, 0, ANYWHERE)],
        "clefs": [(0.0, 0, LEFT, "F", 4, 0), (0.0, 0, RIGHT, "G", 2, 0), (2.0, 0, LEFT, "C", 4, 0)],
        "syllables": [],
    }
    assert page.marks.tolist() == [(2.0, 72, ARPEGGIO)]


def test_a_page_that_is_written_says_the_same_when_it_is_read(page: Score) -> None:
    assert said(parse_musicxml(musicxml_bytes(page)).signs) == said(page.signs)
    assert parse_musicxml(musicxml_bytes(page)).marks.tolist() == page.marks.tolist()


def test_what_a_page_says_is_no_part_of_the_identity_of_the_music(page: Score) -> None:
    assert page.unsigned.digest == page.digest
    assert two_hand_score().former_digest == "03d985eff2895d50"  # as takes from before pages said anything have it


@st.composite
def signed_scores(draw: st.DrawFn) -> Score:
    """Scores whose pages say things: anything that can be told apart when it is read again."""
    score = draw(scores(grid=4))
    hands = sorted(set(score.notes["hand"].tolist()))
    first, last = round(score.start_beat * 4), round(score.end_beat * 4)
    beats = st.integers(first, last - 1).map(lambda place: place / 4)
    kinds = st.sampled_from(
        [(DYNAMICS, "p"), (DYNAMICS, "sfz"), (DYNAMICS, "poco f"), (WORDS, "dolce"), (WORDS, "rit.")]
    )
    placed = draw(
        st.lists(st.tuples(beats, st.sampled_from(hands), st.sampled_from([ABOVE, BELOW]), kinds), max_size=4)
    )
    rows = [(beat, beat, 0, hand, side, *kind) for beat, hand, side, kind in placed]
    for beat in draw(st.sets(beats, max_size=1)):
        kind = draw(st.sampled_from([(TEMPO, "Adagio"), (METRONOME, "half.=60"), (METRONOME, "(eighth=88)")]))
        rows.append((beat, beat, 0, hands[-1], ABOVE, *kind))
    for _ in range(draw(st.integers(0, 4))):
        start, length = draw(beats), draw(st.integers(1, 20))
        end = min(start + length / 4, score.end_beat)
        wedge = draw(st.sampled_from(["crescendo", "diminuendo"]))
        rows.append((start, end, 0, draw(st.sampled_from(hands)), BELOW, WEDGE, wedge))
    if draw(st.booleans()):
        rows.append((draw(beats), score.end_beat, 0, hands[0], BELOW, PEDAL, draw(st.sampled_from(["sign", "line"]))))
    signs = PageSigns(
        np.array(sorted(set(rows)), DIRECTION_DTYPE), draw(slurs_of(score)), draw(clefs_of(score, hands, beats))
    )
    return replace(score, signs=signs)


@st.composite
def slurs_of(draw: st.DrawFn, score: Score) -> np.ndarray:
    notes = score.notes[["onset_beat", "pitch"]].tolist()
    pairs = [(one, other) for one in notes for other in notes if one[0] < other[0]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6)) if pairs else []
    side = st.sampled_from([ABOVE, BELOW, ANYWHERE])
    return np.array([(*one, False, *other, False, 0, draw(side)) for one, other in chosen], SLUR_DTYPE)


@st.composite
def clefs_of(draw: st.DrawFn, score: Score, hands: list[int], beats: st.SearchStrategy[float]) -> np.ndarray:
    rows = []
    for hand in hands:
        later = sorted(draw(st.sets(beats, max_size=3)) - {score.start_beat})
        for place, beat in enumerate([score.start_beat, *later]):
            rows.append((beat, 0, hand, *[("G", 2, 0), ("F", 4, 0), ("C", 3, 0), ("G", 2, -1)][place]))
    return np.array(rows, CLEF_DTYPE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(signed_scores())
def test_any_page_that_is_written_says_the_same_when_it_is_read(score: Score) -> None:
    again = parse_musicxml(musicxml_bytes(score))
    expected, found = said(score.signs), said(again.signs)
    if not np.isin(score.signs.directions["kind"], (TEMPO, METRONOME)).any():  # the file has a tempo of its own then
        found["directions"] = [row for row in found["directions"] if row[5] != METRONOME]
    assert found == expected
    assert again.tempo.bpm.tolist() == score.tempo.bpm.tolist()


REPEATED = (
    FIRST
    + '<barline location="left"><repeat direction="forward"/></barline>'
    + key("C", 5, 4, notations=slur("start"))
    + sign('<wedge type="crescendo" number="1"/>')
    + key("D", 5, 4, notations=slur("stop"))
    + '</measure><measure number="2">'
    + key("E", 5, 4)
    + sign('<wedge type="stop" number="1"/>')
    + sign('<wedge type="diminuendo" number="1"/>')
    + key("F", 5, 4, notations=slur("start"))
    + '<barline location="right"><repeat direction="backward"/></barline></measure><measure number="3">'
    + key("G", 5, 8, notations=slur("stop"))
    + sign('<wedge type="stop" number="1"/>')
    + "</measure>"
)


def test_what_stands_in_repeated_bars_stands_there_both_times_and_nothing_spans_a_jump() -> None:
    signs = parse_musicxml(musicxml(REPEATED)).signs
    assert signs.directions[["start_beat", "end_beat", "text"]].tolist() == [
        (2.0, 6.0, "crescendo"),
        (6.0, 8.0, "diminuendo"),  # to the jump
        (10.0, 14.0, "crescendo"),
        (14.0, 20.0, "diminuendo"),
    ]
    assert signs.slurs[["start_beat", "end_beat"]].tolist() == [(0.0, 2.0), (8.0, 10.0), (14.0, 16.0)]


def test_a_metronome_mark_that_comes_again_with_a_repeat_is_not_printed_again() -> None:
    mark = sign("<metronome><beat-unit>quarter</beat-unit><per-minute>80</per-minute></metronome>")
    bars = FIRST + mark + key("C", 5, 8) + '<barline><repeat direction="backward"/></barline></measure>'
    signs = parse_musicxml(musicxml(bars)).signs
    assert signs.directions[["start_beat", "text"]].tolist() == [(0.0, "quarter=80")]


def test_a_clef_holds_after_a_jump_as_it_does_on_the_page() -> None:
    bass = '<attributes><clef number="1"><sign>F</sign><line>4</line></clef></attributes>'
    bars = FIRST + key("C", 5, 8) + '</measure><measure number="2"><barline><repeat direction="forward"/></barline>'
    bars += key("C", 5, 8) + f'</measure><measure number="3">{bass}' + key("C", 3, 8)
    bars += '<barline><repeat direction="backward"/></barline></measure>'
    clefs = parse_musicxml(musicxml(bars)).signs.clefs[["start_beat", "sign"]].tolist()
    assert clefs == [(0.0, "G"), (8.0, "F"), (12.0, "G"), (16.0, "F")]


def test_words_that_send_the_player_elsewhere_are_not_kept_on_an_unfolded_page() -> None:
    words = [sign(f"<words>{words}</words>") for words in ("D.C. al Fine", "con moto", "To Coda", "12")]
    signs = parse_musicxml(musicxml(FIRST + "".join(words) + key("C", 5, 8) + "</measure>")).signs
    assert signs.directions["text"].tolist() == ["con moto", "con moto"]  # the bar is played twice


def test_metronome_marks_by_which_a_program_slows_down_are_not_kept() -> None:
    def mark(number: int, words: str = "") -> str:
        told = f"<words>{words}</words></direction-type><direction-type>" if words else ""
        return sign(f"{told}<metronome><beat-unit>quarter</beat-unit><per-minute>{number}</per-minute></metronome>")

    steps = mark(80) + key("C", 5, 2) + mark(76) + key("C", 5, 2) + mark(71) + key("C", 5, 4)
    bars = FIRST + steps + '</measure><measure number="2">' + key("C", 5, 8) + '</measure><measure number="3">'
    signs = parse_musicxml(musicxml(bars + mark(66, ".7") + key("C", 5, 4) + mark(60, "Adagio") + "</measure>")).signs
    assert signs.directions["text"].tolist() == ["quarter=80", "Adagio", "quarter=60"]


def test_an_excerpt_has_the_signs_of_its_bars_cut_at_its_ends(page: Score) -> None:
    second = excerpt(page, 2, 2).signs
    assert second.directions[["start_beat", "kind"]].tolist() == [(0.0, DYNAMICS)]
    assert not len(second.slurs)
    assert second.clefs[["start_beat", "hand", "sign"]].tolist() == [(0.0, RIGHT, "G"), (0.0, LEFT, "C")]
    wedge = (0.0, 6.0, 0, RIGHT, BELOW, WEDGE, "crescendo")
    long = replace(page, signs=replace(page.signs, directions=np.array([wedge], DIRECTION_DTYPE)))
    assert excerpt(long, 2, 2).signs.directions[["start_beat", "end_beat"]].tolist() == [(0.0, 2.0)]
    assert excerpt(page, 1, 1).signs.slurs[["start_pitch", "end_pitch"]].tolist() == [(69, 71)]


def test_a_page_for_one_hand_keeps_what_is_said_to_both(page: Score) -> None:
    left = parse_musicxml(musicxml_bytes(page.hands(LEFT))).signs
    assert sorted(left.directions["text"].tolist()) == sorted(page.signs.directions["text"].tolist())
    assert not len(left.slurs)
    assert set(left.clefs["hand"].tolist()) == {LEFT}


def test_slurs_go_with_their_notes_when_a_part_is_read_as_written(page: Score) -> None:
    read = as_written(replace(page, transpositions=(2,)), 0)
    assert read.signs.slurs["end_pitch"].tolist() == [73, 76]
    assert said(parse_musicxml(musicxml_bytes(read)).signs)["slurs"] == said(read.signs)["slurs"]
    assert said(as_sounding(read).signs) == said(page.signs)


def test_an_excerpt_does_not_tell_the_tempo_of_bars_that_it_has_not() -> None:
    changes = [(0.0, 90.0), (8.0, 60.0), (12.0, 50.0)]
    score = replace(score_of([(float(beat), 1.0, 60, RIGHT) for beat in range(16)]), tempo=TempoMap.of(changes))
    written = musicxml_bytes(excerpt(score, 2, 3))
    assert written.count(b"<sound") == 2
    again = parse_musicxml(written)
    assert again.tempo.bpm.tolist() == [90.0, 60.0]
    assert again.bars[["start_beat", "end_beat"]].tolist() == [(0.0, 4.0), (4.0, 8.0)]


def test_the_tempo_of_a_player_is_printed_once_and_kept() -> None:
    changes = [(4.0 * bar, 80.0 + bar) for bar in range(8)]
    score = replace(score_of([(4.0 * bar, 4.0, 60, RIGHT) for bar in range(8)], count=8), tempo=TempoMap.of(changes))
    written = musicxml_bytes(score)
    assert written.count(b"<metronome") == 1
    assert parse_musicxml(written).tempo.bpm.tolist() == score.tempo.bpm.tolist()


def test_a_slur_without_one_of_its_notes_is_not_written(page: Score) -> None:
    fewer = page.with_notes(page.notes[page.notes["pitch"] != 74])
    assert musicxml_bytes(page).count(b"<slur") == 4
    assert musicxml_bytes(fewer).count(b"<slur") == 2


def test_a_slur_at_a_tied_note_stands_at_the_one_that_is_meant() -> None:
    score = score_of([(0.0, 6.0, 60, RIGHT), (6.0, 2.0, 62, RIGHT)], count=2)
    slurs = np.array([(4.0, 60, False, 6.0, 62, False, 0, ANYWHERE)], SLUR_DTYPE)
    again = parse_musicxml(musicxml_bytes(replace(score, signs=PageSigns(slurs=slurs))))
    assert again.signs.slurs.tolist() == slurs.tolist()


def test_an_octave_line_moves_notes_on_the_page_and_not_in_the_score() -> None:
    score = score_of([(float(beat), 1.0, 84 + beat, RIGHT) for beat in range(8)], count=2)
    line = np.array([(2.0, 6.0, 0, RIGHT, ABOVE, OCTAVE, "8va")], DIRECTION_DTYPE)
    written = musicxml_bytes(replace(score, tempo=TempoMap.of(), signs=PageSigns(line)))
    again = parse_musicxml(written)
    assert again.notes["pitch"].tolist() == score.notes["pitch"].tolist()
    assert again.signs.directions.tolist() == line.tolist()


def test_the_words_of_a_singer_stand_below_the_staff_and_all_else_above() -> None:
    words = "<lyric number='2'><syllabic>begin</syllabic><text>Hal</text><extend/></lyric>"
    content = sign("<dynamics><mf/></dynamics>") + key("C", 5, 8, lyric=words)
    song = parse_musicxml(musicxml(FIRST + content + "</measure>"))
    assert song.signs.syllables.tolist() == [(0.0, 0, 2, "Hal", "begin", True)]
    assert song.signs.directions["side"].tolist() == [BELOW]
    again = parse_musicxml(musicxml_bytes(song))
    assert again.signs.directions["side"].tolist() == [ABOVE]
    assert again.signs.syllables.tolist() == song.signs.syllables.tolist()


def test_syllables_stand_at_the_highest_note_of_their_part() -> None:
    score = score_of([(0.0, 2.0, 60, RIGHT), (0.0, 2.0, 64, RIGHT), (2.0, 2.0, 62, RIGHT)])
    words = [(0.0, 0, 1, "Hal", "begin", False), (2.0, 0, 1, "lo", "end", False), (3.0, 0, 1, "lost", "single", False)]
    again = parse_musicxml(musicxml_bytes(replace(score, signs=PageSigns(syllables=np.array(words, SYLLABLE_DTYPE)))))
    assert again.signs.syllables.tolist() == words[:2]


DAMAGED = {
    "a slur without an end": key("C", 5, 4, notations=slur("start")) + key("D", 5, 4),
    "a slur that only ends": key("C", 5, 8, notations=slur("stop")),
    "a slur at a rest": f"<note><rest/><duration>4</duration><notations>{slur('start')}</notations></note>"
    + key("C", 5, 4, notations=slur("stop")),
    "a wedge that stops before it starts": sign('<wedge type="stop"/>')
    + key("C", 5, 8)
    + "<backup><duration>4</duration></backup>"
    + sign('<wedge type="crescendo"/>')
    + "<backup><duration>2</duration></backup>"
    + sign('<wedge type="stop"/>'),
    "dynamics that nobody knows": sign("<dynamics><very-loud/></dynamics>") + key("C", 5, 8),
    "dynamics without letters": sign("<dynamics/>") + key("C", 5, 8),
    "a metronome without a number": sign("<metronome><beat-unit>quarter</beat-unit></metronome>") + key("C", 5, 8),
    "a clef of no kind": "<attributes><clef><sign>Q</sign><line>x</line></clef></attributes>" + key("C", 5, 8),
    "a clef beside the staff": '<attributes><clef number="7"><sign>G</sign><line>2</line></clef></attributes>'
    + key("C", 5, 8),
    "an offset that is no number": sign("<words>12</words>").replace("<staff>", "<offset>x</offset><staff>")
    + key("C", 5, 8),
    "an octave line of no size": sign('<octave-shift type="down" size="9"/>') + key("C", 5, 8),
    "a pedal that ends only": sign('<pedal type="stop"/>') + key("C", 5, 8),
    "a syllable without text": key("C", 5, 8, lyric="<lyric number='x'><syllabic>half</syllabic></lyric>"),
    "words as long as a page": sign(f"<words>{'very ' * 500}slowly</words>") + key("C", 5, 8),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_makes_no_sense_is_left_out(content: str) -> None:
    signs = parse_musicxml(musicxml(FIRST + content + "</measure>")).signs
    found = signs.directions["kind"].tolist(), len(signs.slurs), len(signs.syllables)
    assert found == ([], 0, 0)


def test_a_flood_of_words_is_cut_short() -> None:
    words = sign("<words>rit.</words>") * 10_000
    signs = parse_musicxml(musicxml(FIRST + words + key("C", 5, 8) + "</measure>")).signs
    assert len(signs.directions) == 4
