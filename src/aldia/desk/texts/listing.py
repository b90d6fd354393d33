"""«Textos»: every text a customer may get, by moment of the life of a debt, with its channels."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.queries.terms import strategies_in_force
from aldia.queries.texts import TextInForce, texts_said
from aldia.records.outreach.models import TextChannel, TextLanguage
from aldia.records.parties.models import FormOfAddress
from aldia.records.tenancy.models import Creditor
from aldia.rules.texts.uses import KINDS, MOMENTS, base_language, has_forms, title_of
from aldia.ui.other_language import said


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the list shows it. instead: «en español», «de usted», where there is none as asked for."""

    found: TextInForce
    channel: str
    instead: str


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one template. used_by: titles of the strategies in force that say it."""

    template: str
    title: str
    tone: str
    is_confidential: bool
    used_by: tuple[str, ...]
    texts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The groups of one moment of the life of a debt."""

    key: str
    title: str
    groups: tuple[Group, ...]


@creditor_page()
def show_texts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET tratamiento: usted, tu or vos (default: the creditor's). idioma: es (default), en, ca, gl, eu."""
    form = request.GET.get("tratamiento", visit.creditor.form_of_address)
    form = form if form in FormOfAddress.values else "usted"
    language = base_language(request.GET.get("idioma", ""))
    texts = texts_said(visit.creditor, form=form, language=language)
    context = {
        "stretches": _stretches(texts, templates_in_use(visit.creditor)),
        "form": form,
        "forms": FormOfAddress.choices,
        "has_forms": has_forms(language),
        "spoken": language,
        "languages": TextLanguage.choices,
    }
    return render(request, "desk/texts/list.html", context)


def _stretches(texts: Sequence[TextInForce], used: Mapping[str, Sequence[str]]) -> list[Stretch]:
    by_template: dict[str, list[Shown]] = defaultdict(list)
    for found in texts:
        by_template[found.use.template].append(
            Shown(found, channel_label(found.use.channel), _instead(found))
        )
    known = [
        Stretch(
            moment.value,
            said(title),
            tuple(
                _group(template, by_template[template], used)
                for template, kind in KINDS.items()
                if kind.moment is moment and template in by_template
            ),
        )
        for moment, title in MOMENTS.items()
    ]
    own = tuple(_group(each, by_template[each], used) for each in by_template if each not in KINDS)
    return [each for each in (*known, Stretch("own", _("De sus estrategias"), own)) if each.groups]


def _group(template: str, texts: Sequence[Shown], used: Mapping[str, Sequence[str]]) -> Group:
    kind = KINDS.get(template)
    return Group(
        template,
        said(title_of(template)),
        said(kind.tone) if kind else "",
        kind is not None and kind.is_confidential,
        tuple(dict.fromkeys(each.partition(" · ")[0] for each in used.get(template, ()))),
        tuple(texts),
    )


def _instead(found: TextInForce) -> str:
    if found.language != found.use.language:
        return _("en español")
    return _("de usted") if found.form != found.use.form else ""


def templates_in_use(creditor: Creditor) -> dict[str, list[str]]:
    """Template → the steps of strategies in force that say it."""
    used: dict[str, list[str]] = defaultdict(list)
    for strategy in strategies_in_force(creditor).strategies.values():
        said = [(each.template, each.title) for each in strategy.documents]
        for template, title in [*said, *((each.template, each.title) for each in strategy.steps)]:
            used[template].append(f"{strategy.title} · {title}")
    return used


def channel_label(channel: str) -> str:
    """«Correo electrónico»; what is said on the telephone is a script for who rings."""
    return said(TextChannel(channel).label)
