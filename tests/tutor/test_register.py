"""Who plays: names that can be told apart, folders that every system takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.errors import InputError
from tutor.register import FOLDER, LONGEST_NAME, Person, Register, checked_name, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Anna", "anna"),
        ("Jürgen Groß", "jurgen-gross"),
        ("  Ève-Marie  ", "eve-marie"),
        ("李小龙", "learner"),
        ("🎹", "learner"),
        ("../../etc", "etc"),
        ("CON", "con-2"),
        ("com1", "com1-2"),
        ("removed", "removed-2"),
        ("a.b", "a-b"),
        ("W" * 40, "w" * 40),
    ],
)
def test_a_folder_is_named_so_that_every_system_takes_it(name, slug):
    assert slug_of(name) == slug


def test_two_names_of_the_same_letters_have_two_folders():
    register = Register()
    for name in ("Anna", "Änna", "Ánna", "李", "王"):
        register = register.with_one_more(name)
    assert [person.slug for person in register.people] == ["", "anna", "anna-2", "anna-3", "learner", "learner-2"]


def test_a_folder_that_is_there_already_is_given_to_nobody():
    assert Register().with_one_more("Anna", {"anna"}).people[-1].slug == "anna-2"


@pytest.mark.parametrize("name", ["anna", " ANNA ", "me", "ＡＮＮＡ"])
def test_a_name_is_there_once_in_whatever_capitals(name):
    register = Register().with_one_more("Anna")
    with pytest.raises(InputError, match="there is a learner of this name already"):
        register.with_one_more(name)
    with pytest.raises(InputError, match="there is a learner of this name already"):
        register.with_one_more("Ben").renamed(Person("Ben", "ben"), name)


def test_a_learner_may_have_the_same_name_in_other_capitals():
    register = Register().with_one_more("anna")
    assert register.renamed(register.named("ANNA"), "Anna").people[-1] == Person("Anna", "anna")


def test_the_first_learner_has_any_name_and_cannot_be_laid_aside():
    register = Register().renamed(Person("Me"), "Grandpa")
    assert register.people == (Person("Grandpa"),)
    with pytest.raises(InputError, match="Grandpa is the first learner"):
        register.without(register.named("grandpa"))


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1), "a\x00b", "a\ud800"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(InputError):
        checked_name(name)


def test_an_unknown_name_is_answered_with_those_that_are_there():
    with pytest.raises(InputError, match="Ben: no learner has this name; there is Me, Anna"):
        Register().with_one_more("Anna").named("Ben")


@given(st.lists(st.text(min_size=1, max_size=LONGEST_NAME), max_size=6))
def test_any_names_come_back_as_they_were_written_and_have_fit_folders(names):
    register = Register()
    for name in names:
        try:
            register = register.with_one_more(name)
        except InputError:
            continue
    assert Register.from_json(register.as_json()) == register
    assert all(FOLDER.fullmatch(person.slug) for person in register.people[1:])


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"first": "Me", "learners": 3},
        {"first": "", "learners": []},
        {"first": "Me", "learners": [{"name": "Anna", "folder": "../anna"}]},
        {"first": "Me", "learners": [{"name": "Anna", "folder": ""}]},
        {"first": "Me", "learners": [{"name": "Anna", "folder": 3}]},
        {"first": "Me", "learners": [{"name": 3, "folder": "anna"}]},
        {"first": "Me", "learners": [{"name": "Anna", "folder": "a"}, {"name": "anna", "folder": "b"}]},
        {"first": "Me", "learners": [{"name": "Anna", "folder": "a"}, {"name": "Ben", "folder": "a"}]},
    ],
)
def test_what_is_no_list_of_learners_is_refused(said):
    with pytest.raises(InputError):
        Register.from_json(said)


def test_a_list_of_another_version_keeps_what_is_known():
    said = {"first": "Me", "learners": [{"name": "Anna", "folder": "anna", "age": 9}], "colour": "red"}
    assert Register.from_json(said).people == (Person("Me"), Person("Anna", "anna"))
