"""When the sound server counts as having handed the microphone's stream on."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from tutor.devices.route import NOWHERE, Route

OWN, OTHER = str(os.getpid()), "0"


class Server:
    """Streams as (number, source, owner), one list a look."""

    def __init__(self, *looks: list[tuple[int, int, str]]):
        self.looks = list(looks)

    def source_output_list(self) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(index=number, source=source, proplist={"application.process.id": owner})
            for number, source, owner in self.looks.pop(0)
        ]


@pytest.mark.parametrize(
    ("looks", "moved"),
    [
        pytest.param([[(7, 1, OWN)], [(7, 1, OWN)]], False, id="it stays"),
        pytest.param([[(7, 1, OWN)], [(7, 2, OWN)]], True, id="it is moved"),
        pytest.param([[(7, 1, OWN)], [], [(8, 2, OWN)]], False, id="it is opened elsewhere"),
        pytest.param([[(7, NOWHERE, OWN)], [(7, 1, OWN)]], False, id="it is still being opened"),
        pytest.param([[(7, 1, OWN)], [(7, NOWHERE, OWN)], [(7, 2, OWN)]], True, id="it is moved, and seen on the way"),
        pytest.param([[(7, 1, OTHER)], [(7, 2, OTHER)]], False, id="another program's is moved"),
        pytest.param([[(7, 1, OWN), (8, 1, OWN)], [(7, 1, OWN), (8, 2, OWN)]], True, id="one of two is moved"),
    ],
)
def test_a_stream_that_changes_its_source_was_handed_on(
    looks: list[list[tuple[int, int, str]]], moved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.devices.route.pulse_control", lambda: None)
    route, server = Route(), Server(*looks)
    for _ in looks:
        route.look(server)
    assert route.moved.is_set() == moved
