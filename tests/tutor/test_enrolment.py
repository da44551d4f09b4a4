"""The learners on the disk: nothing moves that was there, nothing is deleted, and what is broken is one line."""

from __future__ import annotations

import json
import threading

import pytest

from lessons.errors import InputError
from tutor.config import Config, journal_path
from tutor.enrolment import LIST, Enrolment
from tutor.journal.journal import Journal
from tutor.register import FIRST, Person


@pytest.fixture
def enrolment(tmp_path) -> Enrolment:
    return Enrolment(tmp_path / "home")


def everything(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_home_of_before_is_the_first_learners_and_nothing_in_it_moves(enrolment):
    enrolment.home.mkdir()
    Journal.open(enrolment.home / "journal.db").close()
    Config(volume=0.3).save(enrolment.home / "settings.json")
    before = everything(enrolment.home)
    assert enrolment.read()[0].people == (FIRST,)
    assert enrolment.folder(FIRST) == enrolment.home
    anna = enrolment.add("Anna")
    assert enrolment.folder(anna) == enrolment.home / "learners" / "anna"
    assert {name: everything(enrolment.home)[name] for name in before} == before


def test_to_look_writes_nothing(enrolment):
    assert (enrolment.read()[1], enrolment.last()) == ("", (FIRST, ""))
    assert not enrolment.home.exists()


def test_who_played_last_is_there_at_the_next_start(enrolment):
    anna = enrolment.add("Anna")
    assert enrolment.last()[0] == FIRST
    enrolment.remember(anna)
    assert Enrolment(enrolment.home).last() == (anna, "")


def test_a_learner_who_is_renamed_keeps_the_folder(enrolment):
    anna = enrolment.add("Anna")
    (enrolment.folder(anna) / "mine").write_text("mine")
    renamed = enrolment.rename(anna, "Änne")
    assert (enrolment.folder(renamed) / "mine").read_text() == "mine"


def test_who_is_laid_aside_is_deleted_nowhere_and_comes_back(enrolment):
    anna = enrolment.add("Anna")
    (enrolment.folder(anna) / "mine").write_text("mine")
    aside = enrolment.lay_aside(anna)
    assert (aside / "mine").read_text() == "mine"
    assert enrolment.read()[0].people == (FIRST,)
    enrolment.bring_back(anna)
    assert enrolment.read()[0].people == (FIRST, anna)
    assert (enrolment.folder(anna) / "mine").read_text() == "mine"
    assert enrolment.lay_aside(anna) == aside


def test_another_of_the_same_name_gets_another_folder_and_the_first_one_keeps_hers(enrolment):
    enrolment.lay_aside(enrolment.add("Anna"))
    second = enrolment.add("Anna")
    assert second.slug == "anna-2"
    with pytest.raises(InputError, match="of this name already"):
        enrolment.bring_back(Person("Anna", "anna"))


def test_what_was_laid_aside_is_taken_up_again_under_any_name(enrolment):
    aside = enrolment.lay_aside(enrolment.add("Anna"))
    (aside / "mine").write_text("mine")
    back = enrolment.add("Anna Two", aside)
    assert (enrolment.folder(back) / "mine").read_text() == "mine"
    assert not aside.exists()


def test_no_folder_is_taken_from_a_learner_or_out_of_the_home(enrolment, tmp_path):
    anna = enrolment.add("Anna")
    (enrolment.home / "pieces").mkdir()
    for source in (enrolment.home, enrolment.folder(anna), enrolment.home / "pieces", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=str(source)):
            enrolment.add("Ben", source)
    assert [person.name for person in enrolment.read()[0].people] == ["Me", "Anna"]


def test_who_plays_elsewhere_is_not_laid_aside(enrolment):
    anna = enrolment.add("Anna")
    journal = Journal.open(journal_path(enrolment.folder(anna)))
    journal.begin_take("0123", "Lightly Row", {})
    journal.flush()
    with pytest.raises(InputError, match="Anna plays in another window just now"):
        enrolment.lay_aside(anna)
    journal.close()
    assert enrolment.lay_aside(anna).is_dir()


def test_a_folder_that_vanished_is_one_line_and_the_first_learner(enrolment):
    anna = enrolment.add("Anna")
    enrolment.remember(anna)
    enrolment.folder(anna).rmdir()
    person, trouble = enrolment.last()
    assert person == FIRST
    assert "the folder of Anna is gone" in trouble
    with pytest.raises(InputError, match="the folder of Anna is gone"):
        enrolment.folder_of(anna)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"first": "Me", "learners": [{"folder": "/etc"}]}']
)
def test_a_broken_list_is_one_line_and_the_first_learner_and_is_kept(enrolment, content):
    anna = enrolment.add("Anna")
    (enrolment.folder(anna) / "mine").write_text("mine")
    (enrolment.home / LIST).write_bytes(content)
    person, trouble = enrolment.last()
    assert person == FIRST
    assert LIST in trouble and "\n" not in trouble
    with pytest.raises(InputError, match="cannot be read"):
        enrolment.listed("Anna")
    assert (enrolment.home / LIST).read_bytes() == content
    again = enrolment.add("Anna", enrolment.folder(anna))
    assert (enrolment.folder(again) / "mine").read_text() == "mine"
    (kept,) = enrolment.home.glob(f"{LIST}.damaged-*")
    assert kept.read_bytes() == content


def test_a_list_that_cannot_be_looked_at_is_not_set_aside(enrolment):
    (enrolment.home / LIST).mkdir(parents=True)
    assert "cannot be read" in enrolment.read()[1]
    with pytest.raises(InputError, match="cannot be written"):
        enrolment.add("Anna")
    assert (enrolment.home / LIST).is_dir()


def test_a_home_that_cannot_be_written_is_one_line(enrolment):
    enrolment.home.write_text("in the way")
    with pytest.raises(InputError, match="the learners cannot be written"):
        enrolment.add("Anna")


def test_a_write_that_fails_leaves_the_list_as_it_was(enrolment, monkeypatch):
    enrolment.add("Anna")
    before = (enrolment.home / LIST).read_bytes()
    monkeypatch.setattr(json, "dumps", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="No space left on device"):
        enrolment.add("Ben")
    assert (enrolment.home / LIST).read_bytes() == before


def test_two_programs_that_enrol_at_once_lose_nobody(enrolment):
    names = [f"Pupil {number}" for number in range(12)]
    ready = threading.Barrier(3)

    def enrol(mine: list[str]) -> None:
        ready.wait()
        for name in mine:
            Enrolment(enrolment.home).add(name)

    threads = [threading.Thread(target=enrol, args=(names[start::3],)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(person.name for person in enrolment.read()[0].people) == sorted(["Me", *names])


def test_who_was_laid_aside_is_known_by_name_and_one_of_an_older_list_by_the_folder(tmp_path):
    enrolment = Enrolment(tmp_path)
    enrolment.lay_aside(enrolment.add("Zoë Ann"))
    (tmp_path / "learners" / "removed" / "ben").mkdir()
    aside = enrolment.read()[0].aside
    assert [(person.name, person.slug) for person in aside] == [("ben", "ben"), ("Zoë Ann", "zoe-ann")]
    for person in aside:
        enrolment.bring_back(person)
    register = enrolment.read()[0]
    assert ([person.name for person in register.people], register.aside) == (["Me", "ben", "Zoë Ann"], ())


@pytest.mark.parametrize("name", ["A\u202enna", "\u2066Anna"])
def test_a_name_turns_nothing_around(tmp_path, name):
    with pytest.raises(InputError, match="one line of letters"):
        Enrolment(tmp_path).add(name)


def test_a_folder_of_other_things_is_not_moved_and_one_of_a_learner_is(enrolment, tmp_path):
    letters, copied = tmp_path / "letters", tmp_path / "copied"
    for folder, name in ((letters, "letter.txt"), (copied, "journal.db")):
        folder.mkdir()
        (folder / name).touch()
    with pytest.raises(InputError, match="letters: is no learner's folder"):
        enrolment.add("Ben", letters)
    assert (letters / "letter.txt").exists()
    assert (enrolment.folder(enrolment.add("Ben", copied)) / "journal.db").exists()
