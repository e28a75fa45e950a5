"""Which language: ours by name, everybody else's as unknown."""

import pytest

from weness.reading.languages import language_found, language_of, reads_as, spoken_in

OURS = {
    "en": "We decided together that the price would be open for all growers, and that was not easy because everybody had "
    "another idea. The council said that it could not pay, but then it accepted as well.",
    "es": "Nosotros decidimos juntos que el precio del café sería abierto para todos los productores, y eso no fue fácil "
    "porque cada uno tenía una idea distinta. La alcaldía dijo que no podía pagar, pero después también aceptó.",
    "nl": "Wij hebben samen besloten dat de prijs voor alle boeren open zou zijn, en dat was niet makkelijk omdat iedereen "
    "een ander idee had. De gemeente zei dat ze niet kon betalen, maar toen heeft ze het ook aanvaard.",
}
THEIRS = {
    "pt": "Nós decidimos juntos que o preço do café seria aberto para todos os produtores, e isso não foi fácil porque cada "
    "um tinha uma ideia diferente. A câmara disse que não podia pagar, mas depois também aceitou.",
    "ca": "Nosaltres vam decidir junts que el preu del cafè seria obert per a tots els productors, i no va ser fàcil perquè "
    "cadascú tenia una idea diferent. L'ajuntament va dir que no podia pagar, però després ho va acceptar.",
    "de": "Wir haben gemeinsam beschlossen, dass der Preis für alle Bauern offen sein soll, und das war nicht einfach, weil "
    "jeder eine andere Idee hatte. Die Gemeinde sagte, dass sie nicht zahlen kann.",
    "af": "Ons het saam besluit dat die prys vir al die boere oop sou wees, en dit was nie maklik nie omdat elkeen 'n ander "
    "idee gehad het. Die munisipaliteit het gesê dat hulle nie kan betaal nie.",
    "fr": "Nous avons décidé ensemble que le prix du café serait ouvert à tous les producteurs, et ce n'était pas facile "
    "parce que chacun avait une idée différente. La mairie a dit qu'elle ne pouvait pas payer.",
}


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("stated", OURS)
def test_our_languages_are_found_whatever_the_study_file_says(language, stated):
    assert reads_as(OURS[language], language)
    assert language_of(OURS[language]) == language_found(OURS[language], stated) == language


@pytest.mark.parametrize("language", THEIRS)
@pytest.mark.parametrize("stated", OURS)
def test_the_next_of_kin_of_our_languages_are_not_ours(language, stated):
    assert language_found(THEIRS[language], stated) is None


def test_links_do_not_hide_the_language_of_minutes():
    line = "* the policy [#123](https://example.org/a/b/c/issues/123) is for all of us and it will be there\n"
    assert language_of(line * 12) == "en"


def test_a_few_words_are_not_enough_to_say():
    assert language_of("Hm. Ja.") is None


def test_a_turn_in_another_of_our_languages_is_heard_and_a_loan_word_is_not():
    assert spoken_in(OURS["es"], "en") == "es"
    assert spoken_in(OURS["en"] + " La mesa de la quebrada, we call it.", "en") == "en"
