"""Credits that stand as words above the staff are not drawn; what tells a player something is."""

from __future__ import annotations

import pytest

from lessons.files.musicxml import parse_musicxml

HEAD = (
    "<work><work-title>Andantino</work-title></work><movement-title>Home, Sweet Home</movement-title>"
    '<identification><creator type="composer">Johanna Kinkel (also J. Mathieux)</creator>'
    '<creator type="poet">Adelbert von Chamisso</creator></identification>'
)
PARTS = '<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>'
BOLD_AND_SLANTED = ('font-weight="bold"', 'font-style="italic"')
NOTE = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration><voice>1</voice></note>"


def words(text: str, beside: str = "", sound: str = "") -> str:
    told = f"<direction-type><words>{text}</words></direction-type>{beside}"
    return f'<direction placement="above">{told}{sound}</direction>'


def said(first: str = "", second: str = "") -> list[str]:
    """The texts of the directions of two bars."""
    attributes = "<attributes><divisions>1</divisions></attributes>"
    bars = f'<measure number="1">{attributes}{first}{NOTE}</measure><measure number="2">{second}{NOTE}</measure>'
    document = f'<score-partwise>{HEAD}{PARTS}<part id="P1">{bars}</part></score-partwise>'
    found: list[str] = parse_musicxml(document.encode()).signs.directions["text"].tolist()
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("J. Mathieux", "(Ad. v. Chamisso.)", "Johanna Kinkel"),
        *("R. Schumann\nOp.16 Nr. 4\n(1839)", "https://www.lieder.net/17", "* absent in IMSLP #348578"),
    ],
)
def test_authors_works_and_sources_are_left_out_wherever_they_stand(text: str) -> None:
    assert said(first=words(text)) == said(second=words(text)) == []


@pytest.mark.parametrize(
    "text", ["SOCRATE", "dolce", "Kinkel dolce", "Tempo I", "opera", "con 8va op.", "l. H.", "(wie Vers I.)"]
)
def test_what_is_no_credit_stays(text: str) -> None:
    assert said(first=words(text)) == [text]


def test_the_title_is_left_out_in_the_first_bar_where_no_tempo_goes_with_it() -> None:
    assert said(first=words("HOME, sweet home")) == []
    assert said(second=words("Home, Sweet Home")) == ["Home, Sweet Home"]
    assert said(first=words("Andantino", sound='<sound tempo="80"/>')) == ["Andantino"]


def test_what_stands_beside_a_credit_stays() -> None:
    loud = "<direction-type><dynamics><f/></dynamics></direction-type>"
    assert said(first=words("J. Mathieux", beside=loud)) == ["f"]


def test_headings_in_the_bar_of_a_credit_go_with_it() -> None:
    heading, dolce = words("KREISLERIANA"), words("dolce")
    tempo, slanted = (words("Lento").replace("<words", f"<words {how}") for how in BOLD_AND_SLANTED)
    assert said(second=heading + words("R. Schumann Op.16") + dolce + tempo + slanted) == ["dolce", "Lento", "Lento"]
    assert said(first=words("R. Schumann Op.16"), second=heading) == ["KREISLERIANA"]
