"""What the name of an organisation gives away."""

import pytest

from weness.reading.organisations import Standing, joined, sector_of, short_id, standing


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("Wenbrook District Council", "government"),
        ("Aguas del Oriente E.S.P.", "government"),
        ("Gemeente Oudersluis", "government"),
        ("Castell Kitchens", "business"),
        ("Koffiebranderij Zoutkade", "business"),
        ("Harbourne College", "knowledge"),
        ("Stichting Kraanloods", "civil_society"),
        ("Fernlea Trust", "civil_society"),
        ("Adam Miller", ""),
        ("Frustrated", ""),
    ],
)
def test_the_sector_is_told_by_a_word_of_the_name(name, sector):
    assert sector_of(name) == sector


@pytest.mark.parametrize(
    ("about", "bracketed", "told"),
    [
        (", vice-chair, Vale Growers' Association", False, Standing("Vale Growers' Association", "vice-chair")),
        (", presidenta de la Junta de Acción Comunal", False, Standing("Junta de Acción Comunal", "presidenta")),
        (
            ", secretario de Agricultura, Alcaldía de San Bruno",
            False,
            Standing("Alcaldía de San Bruno", "secretario de Agricultura"),
        ),
        (", meubelmaker, bestuurslid Stichting Kraanloods", False, Standing("Stichting Kraanloods", "meubelmaker")),
        (", the Tern Fund", False, Standing("Tern Fund", "")),
        (", inkoop", False, Standing("", "inkoop")),
        ("Council, chair", True, Standing("Council", "")),
        ("gemeente", True, Standing("Gemeente", "")),
        (", 27 september 2016", False, Standing()),
    ],
)
def test_for_whom_and_as_what_somebody_speaks(about, bracketed, told):
    assert standing(about, bracketed) == told


def test_spellings_of_one_organisation_are_joined_and_doubtful_ones_left():
    full = joined(
        ["Wenbrook District Council", "Council", "WDC", "Fernlea Trust", "Fernlea", "the Hill Trust", "Trust"]
    )
    assert full["Council"] == full["WDC"] == "Wenbrook District Council"
    assert full["Fernlea"] == "Fernlea Trust"
    assert full["Trust"] == "Trust"


def test_an_organisation_is_called_by_its_telling_word():
    taken: list[str] = []
    for name in ("Stichting Kraanloods", "Exportadora Tres Filos", "De Steiger", "Van Eerd Ontwikkeling", "De Steiger"):
        taken.append(short_id(name, taken))
    assert taken == ["kraanloods", "tres_filos", "steiger", "van_eerd", "steiger_2"]
