"""Bylines: the names of people alone."""

from __future__ import annotations

import pytest

from ingest.metadata.people import people_in


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Ruiz and Tom Hale, PhD", ["Ana Ruiz", "Tom Hale"]),
        ("By Ana Ruiz in London", ["Ana Ruiz"]),
        ("By Ana Ruiz, London", ["Ana Ruiz"]),
        ("By Ana Ruiz in Paris and Tom Hale in Rome", ["Ana Ruiz", "Tom Hale"]),
        ("By Ana Ruiz in Paris and London", ["Ana Ruiz"]),
        ("Ana Ruiz for Elmport Post", ["Ana Ruiz"]),
        ("By Ana Ruiz with Tom Hale", ["Ana Ruiz", "Tom Hale"]),
        ("Ana Ruiz, Business Correspondent", ["Ana Ruiz"]),
        ("By Ana Ruiz, Tom Hale and agencies", ["Ana Ruiz", "Tom Hale"]),
        ("Analysis by Ana Ruiz", ["Ana Ruiz"]),
        ("Von Ana Ruiz und Tom Hale, Berlin", ["Ana Ruiz", "Tom Hale"]),
        ("Written by Ana Ruiz; edited by Tom Hale", ["Ana Ruiz"]),
        ("Reporting by Ana Ruiz in Paris and Tom Hale in Rome", ["Ana Ruiz", "Tom Hale"]),
        ("By Ana Ruiz Political Editor", ["Ana Ruiz"]),
        ("Ana Ruiz, Post Sports Writer", ["Ana Ruiz"]),
        ("By Ana Ruiz 19 June 2024", ["Ana Ruiz"]),
        ("By Ana Ruiz, June 19, 2024", ["Ana Ruiz"]),
        ("By Ana Ruiz @anaruiz", ["Ana Ruiz"]),
        ("Par Ana Ruiz (avec AFP)", ["Ana Ruiz"]),
        ("Ludwig van den Berg", ["Ludwig van den Berg"]),
        ("van den Berg", ["van den Berg"]),
        ("Reuters", ["Reuters"]),
        ("Words by Ana Ruiz / Photos by Joe Dunn", ["Ana Ruiz"]),
        ("Report by: Ana Ruiz; Editing by Tom Hale", ["Ana Ruiz"]),
        ("Von unserem Korrespondenten Jan Mohr, Berlin", []),
        ("By Herald Staff, Elmport", []),
        ("AFP, Ana Ruiz", ["Ana Ruiz"]),
        ("By ANA RUIZ and TOM HALE Associated Press", ["ANA RUIZ", "TOM HALE"]),
        ("By DE LA CRUZ Ana", ["DE LA CRUZ Ana"]),
        ("Elmport Post Staff", []),
        ("By Staff Writer", []),
        ("Newsroom", []),
        ("Redaktion", []),
        ("with agencies", []),
        ("from our correspondent in Paris", []),
        ("news@elmport.example", []),
        ("Bild \u00a9 Elmport TV", []),
    ],
)
def test_a_byline_gives_the_names_of_people_alone(byline: str, names: list[str]) -> None:
    assert people_in(byline) == names
