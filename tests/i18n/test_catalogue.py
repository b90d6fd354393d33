"""What the sources say is in the English catalogue, in words; a new Spanish string without them fails here.

`python3 dev.py messages` brings the catalogue up to date; it names what waits for a translation.
"""

import re

import pytest
from babel.messages.mofile import write_mo

from tests.i18n.catalogue import CONTEXT, MO, PO, key_of, refreshed, stored, untranslated, wanted
from tests.i18n.screens import of_module, of_template
from tests.i18n.sentences import sentences

_NAMED = re.compile(r"%\(\w+\)[sd]")
_PLACE = re.compile(r"\{\d?\}")


@pytest.fixture(scope="module")
def catalogue():
    return stored()


def test_everything_the_sources_say_is_in_the_catalogue_and_nothing_else(catalogue):
    assert {key_of(each) for each in catalogue if each.id} == wanted()


def test_everything_has_its_words(catalogue):
    assert untranslated(catalogue) == []


def test_figures_and_names_keep_their_places(catalogue):
    told = [each for each in catalogue if each.id]
    assert [each.id for each in told if _places(each.id) != _places(each.string)] == []


def test_the_compiled_file_is_made_from_the_written_one(catalogue, tmp_path):
    with (tmp_path / "django.mo").open("wb") as file:
        write_mo(file, refreshed(catalogue))
    same = (tmp_path / "django.mo").read_bytes() == MO.read_bytes()
    assert same, f"compile {PO.name} again"  # comparing them for the eye takes minutes


def _places(words):
    """Names of the values, and how many places there are: in any of the forms."""
    forms = words if isinstance(words, tuple) else (words,)
    return {name for form in forms for name in _NAMED.findall(form)}, len(_PLACE.findall(forms[-1]))


def test_strings_of_a_template_are_found_as_django_looks_them_up():
    template = (
        "{% translate 'Hoy' %}{{ n|counted:\"cliente,clientes\" }}"
        "{% blocktranslate count n=n with shown=n %}{{ shown }} fila{% plural %}{{ shown }} filas"
        "{% endblocktranslate %}"
    )
    assert set(of_template(template)) == {
        ("Hoy",),
        ("cliente",),
        ("clientes",),
        ("%(shown)s fila", "%(shown)s filas"),
    }


def test_strings_of_a_module_are_the_literals_given_to_gettext():
    assert set(of_module('_("Hoy"); ngettext("%(n)s fila", "%(n)s filas", n); _(other)')) == {
        ("Hoy",),
        ("%(n)s fila", "%(n)s filas"),
    }


def test_sentences_of_the_floors_below_are_found_with_places_for_their_values():
    known = sentences()
    assert "Hoy toca «{}»: {} de retraso y {} por reclamar." in known
    assert "No hay ningún cliente con el código «{}»." in known
    assert {"Pagado", "días de retraso", "Empresa o profesional"} <= known
    assert CONTEXT not in known
