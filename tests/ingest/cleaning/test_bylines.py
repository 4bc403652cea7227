"""Bylines, credits and contacts are told from sentences that begin alike."""

from __future__ import annotations

import pytest

from ingest.cleaning.bylines import is_byline, is_contact, is_credit


@pytest.mark.parametrize(
    "line",
    [
        "By Ana Ruiz",
        "BY ANA RUIZ AND BEN COLE",
        "By Ana Ruiz, Harbour Standard",
        "By Ana Ruiz | Updated March 4",
        "Story by Ana Ruiz",
        "Von Anna Lang und Bernd Maar",
        "Par Anne Morel",
        "Por Ana Ruiz de la Torre",
        "Author: Ana Ruiz",
        "Staff writer",
        "Reuters",
    ],
)
def test_a_byline_names_and_does_nothing_else(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Ana",
        "By the numbers",
        "By land and by sea",
        "By Monday the bridge had reopened",
        "By Monday Night, The Bridge Was Open.",
        "Von hier an wird gebaut",
        "Reuters reported it first",
        "Staff writer Ana Ruiz won a prize",
    ],
)
def test_a_heading_or_a_sentence_is_no_byline(line: str) -> None:
    assert not is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Lea Orne",
        "(Photo by Lea Orne/Getty Images)",
        "Photo courtesy of the Harbour Museum",
        "Image credit: Lea Orne",
        "Foto: Lea Orne/dpa",
        "Credit: Harbour Police",
        "Courtesy of Ana Ruiz",
        "Lea Orne/AFP via Getty Images",
        "Lea Orne via Reuters",
        "REUTERS/Lea Orne",
        "AP Photo/Lea Orne",
        "— Reuters",
        "(AP)",
        "Reporting by Ana Ruiz in Lima and Ben Cole; Additional reporting by Lea Orne; Editing by Max Vale",
        "Compiled by Ana Ruiz.",
        "Contributing: Ana Ruiz, Harbour Standard; Reuters",
        "With files from Ana Ruiz",
        "Ana Ruiz contributed to this report.",
        "— Staff writers Ana Ruiz and Ben Cole contributed to this story",
        "Ana Ruiz contributed reporting from Lima.",
        "Harbour Standard reporter Ana Ruiz contributed.",
    ],
)
def test_a_credit_names_and_does_nothing_else(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photo by photo, the archive grew.",
        "Image: scientists dated the site to 49,000 years ago",
        "Pictures of the bridge were shown in court.",
        "Credit: the loan runs for ten years",
        "Courtesy of the rain, the match was over.",
        "Reuters",
        "Reuters reported that the bridge was closed.",
        "He joined AP/Reuters in 2010 as a reporter.",
        "Reporting by Reuters found that the bridge was unsafe.",
        "Editing by hand takes longer.",
        "Contributing factors: rain and speed",
        "Ruiz contributed.",
        "Ruiz also contributed.",
        "Ana Ruiz contributed to the report of the United Nations.",
        "Rain contributed to this report of a closed bridge.",
        "Ana Ruiz contributed 14 points.",
    ],
)
def test_a_sentence_of_an_article_is_no_credit(line: str) -> None:
    assert not is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ana Ruiz is a reporter for the Harbour Standard. Email her at ana@harbour.example.",
        "Ana Ruiz covers ferries. You can follow her on X @anaruiz or on Bluesky.",
        "Reporter Ana Ruiz can be reached at ana@harbour.example.",
        "Reach the reporter at ana@harbour.example.",
        "Follow Ana Ruiz on Twitter: @anaruiz",
        "Follow @anaruiz on X.",
        "Reach Ana Ruiz at ana@harbour.example",
    ],
)
def test_a_way_to_reach_the_writer_is_a_contact(line: str) -> None:
    assert is_contact(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ana Ruiz is a reporter for the Harbour Standard.",
        "Anyone who saw the crash is asked to email Detective Cole at cole@police.example.",
        "Contact the ferry office at office@ferry.example.",
        "Follow the harbour office on Facebook and x.example/harbour.",
        "Follow FEMA on X and Facebook for updates.",
        "She asked followers to find her on Instagram.",
        "“Email me at ana@harbour.example,” the reporter wrote.",
        "The editor posted the letter on X and deleted it.",
    ],
)
def test_a_sentence_with_an_address_is_no_contact(line: str) -> None:
    assert not is_contact(line)
