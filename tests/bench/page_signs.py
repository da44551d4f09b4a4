"""Count what pages say beside their notes, in the files and as drawn, and how long three long ones take; prints JSON.

    python tests/bench/page_signs.py ../shared/data

Twenty piano pieces and twenty songs, chosen with a seed. Counted in the file is what stands in the bars as they are
played; drawn is what has a name in the engraver's pictures. Times are the least of five in processor seconds, after
the libraries are loaded.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


from lessons.drawing import LINK, SVG
from lessons.engrave import systems_of
from lessons.files import read_score
from lessons.files.credit_words import drop_credits
from lessons.files.cues import settle_cues
from lessons.files.musicxml_document import document_of, unpacked
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.files.repeat_signs import sends_elsewhere
from lessons.files.unfolding import unfold
from lessons.parts import for_pianist

SEED, OF_EACH, WIDTH, TIMES = 11, 20, 1040, 5
LONG = ("Chopin/Berceuse_op_57", "Beethoven/Piano_Sonatas/18-3", "Schumann/Kreisleriana/6")
IN_FILE = {
    "slurs": "//notations/slur[@type='start']",
    "dynamics and words": "//dynamics",
    "wedges": "//wedge[@type='crescendo' or @type='diminuendo']",
    "dashes": "//direction[direction-type/words]/direction-type/dashes[@type='start']",
    "pedals": "//pedal[@type='start' or @type='change']",
    "fermatas": "//notations/fermata",
    "octave lines": "//octave-shift[@type='up' or @type='down']",
    "spread chords": "//note[not(chord)]/notations/arpeggiate",
    "syllables": "//lyric[normalize-space(text)]",
}
DRAWN = {
    "slur": "slurs",
    "dynam": "dynamics and words",
    "hairpin": "wedges",
    "fermata": "fermatas",
    "octave": "octave lines",
    "arpeg": "spread chords",
    "syl": "syllables",
}
LED = ("dir", "dynam")  # what dashes lead on
PEDAL_UP = "#E655-"  # how the name of the sign begins in the engraver's pictures


def in_file(path: Path) -> Counter[str]:
    """What the file says in the bars that are played."""
    document = document_of(unpacked(path.read_bytes()))
    drop_credits(document)
    settle_cues(document)
    unfold(document)
    found = Counter({name: len(document.xpath(place)) for name, place in IN_FILE.items()})
    found["dynamics and words"] += sum(
        any(each.isalpha() for words in direction.iterfind("direction-type/words") for each in words.text or "")
        and not sends_elsewhere(direction)
        for direction in document.iter("direction")
    )
    return found


def drawn(path: Path) -> Counter[str]:
    """What the page of a pianist shows; a sign that goes on over the end of a system counts once."""
    found: Counter[str] = Counter()
    for svg, *_ in systems_of(musicxml_bytes(for_pianist(read_score(path))).decode(), WIDTH):
        for group in ElementTree.fromstring(svg).iter(f"{{{SVG}}}g"):
            if "id" in group.attrib:
                found.update(_kinds(group))
                found["dashes"] += group.get("class") in LED and group.find(f"{{{SVG}}}rect") is not None
    return found


def _kinds(group: ElementTree.Element) -> list[str]:
    kind = group.get("class", "")
    if kind in ("dir", "tempo"):
        texts = [text.text or "" for text in group.iter(f"{{{SVG}}}text")]
        return ["dynamics and words"] if any(any(map(str.isalpha, text)) for text in texts) else []
    if kind == "pedal":
        signs = [use.get(f"{{{LINK}}}href", "") for use in group.iter(f"{{{SVG}}}use")]
        return ["pedals"] if len(group) and not any(name.startswith(PEDAL_UP) for name in signs) else []
    return [DRAWN[kind]] if kind in DRAWN else []


def least_sec(work: Callable[[], object]) -> float:
    """The least time of some work."""
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return round(min(taken), 2)


def main(data: Path) -> None:
    """Count all, time some, and print it."""
    piano, songs = data / "asap-piano-subset", data / "openscore-lieder"
    rng = random.Random(SEED)
    chosen = rng.sample(sorted(piano.rglob("*.musicxml")), OF_EACH) + rng.sample(sorted(songs.glob("*.mxl")), OF_EACH)
    said, shown = Counter[str](), Counter[str]()
    for path in chosen:
        said += in_file(path)
        shown += drawn(path)
    report: dict[str, object] = {name: [said[name], shown[name]] for name in IN_FILE}
    for name in LONG:
        path = piano / name / "xml_score.musicxml"
        score = read_score(path)
        page = musicxml_bytes(score).decode()
        report[name] = {
            "read_sec": least_sec(lambda path=path: read_score(path)),
            "engrave_sec": least_sec(lambda page=page: systems_of(page, WIDTH)),
        }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
