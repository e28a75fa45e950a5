"""Dates as people write them in three languages."""

import pytest

from weness.reading.dates import date_in, date_of_name


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Minutes, Thursday 15 June 2023, 10.00", "2023-06-15"),
        ("on April 12th, 2022 we met", "2022-04-12"),
        ("Thu, 24 Nov 2022 16:52", "2022-11-24"),
        ("San Bruno, 18 de febrero de 2021", "2021-02-18"),
        ("lunes 8 de noviembre del 2021", "2021-11-08"),
        ("woensdag 9 november 2016 08:12", "2016-11-09"),
        ("3 mei 2018", "2018-05-03"),
        ("12 mrt. 2019", "2019-03-12"),
        ("op 3-10-2024 om", "2024-10-03"),
        ("03/25/2021", "2021-03-25"),
        ("2021-02-03T10:00", "2021-02-03"),
        ("Edición 41 · abril de 2023", "2023-04"),
        ("abril de 2023, y el 3 de mayo de 2023", "2023-05-03"),
        ("30 February 2022", "2022-02"),
        ("version 1.2.2021.4 of 12", ""),
        ("a march of 200 people", ""),
    ],
)
def test_the_first_whole_date_of_a_text_is_found(text, date):
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2022_04 interview", "2022-04"),
        ("20220412-ana", "2022-04-12"),
        ("2022-04-12 ana", "2022-04-12"),
        ("acta 3 mei 2018", "2018-05-03"),
        ("interview_12_April_2022", "2022-04-12"),
        ("w1_council_denise", ""),
        ("scan 123456789", ""),
    ],
)
def test_a_date_in_a_file_name_is_found(name, date):
    assert date_of_name(name) == date
