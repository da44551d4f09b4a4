import numpy as np
from listen_scores import scale_score

from tutor.events import NoteOn
from tutor.listen.expecting import Expecting
from tutor.listen.listener import Hearing
from tutor.verdicts import Judgement

RATE = 44100


def heard(hearing: Hearing, expecting: Expecting, pitch: float) -> list[int]:
    """What a tone is taken for."""
    listener = hearing.listen(RATE, 0.0)
    expecting.ticked(0.0)
    times = np.arange(RATE // 2) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    tone = sum(0.2 / k * np.sin(2 * np.pi * k * hertz * times) for k in range(1, 5))
    events = listener.feed(np.concatenate([np.zeros(4000), tone]).astype(np.float32))
    return [event.pitch for event in events if isinstance(event, NoteOn)]


def test_an_octave_error_goes_to_what_is_written_where_the_player_is() -> None:
    score = scale_score(left=False)  # 60 62 64 65 | 67 69 71 72
    hearing = Hearing("flute")
    beginning = Expecting(score, hearing, 0.0)
    assert heard(hearing, beginning, 74) == [62]
    assert heard(hearing, beginning, 83) == [83]
    beginning.heard(NoteOn(1.0, 67), (Judgement(0, 1.0, 67, "hit", 5.0, 5.0, 0.9),))
    assert heard(hearing, beginning, 83) == [71]
    assert heard(hearing, beginning, 74) == [74]
