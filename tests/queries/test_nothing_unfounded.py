"""A consequence is announced only where it really follows; none can yet, so none is."""

import re
from datetime import timedelta

import pytest

from aldia.operations.strategies import set_strategy
from aldia.queries.rendering import Rendered
from aldia.queries.strategy_check import StrategyScope as Whom
from aldia.queries.strategy_check import candidate_of, check_strategy
from aldia.records.cases.models import StrategyVersion
from aldia.records.outreach.models import Message
from aldia.rules.gate import Refused, refusal_sentence
from aldia.rules.portfolio.strategy import StrategyRefused, read_strategy
from aldia.rules.respect.announcing import unfounded, unfounded_steps
from aldia.rules.respect.reader import findings, message_parts
from aldia.rules.respect.values import FOUNDED, Code, Reading
from aldia.rules.shipped import shipped_strategies
from aldia.rules.texts.uses import KINDS
from tests.queries.gate_house import DAY, NOW, house, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONSEQUENCES = re.compile(r"suspend|empresa de cobro|demanda|tribunal|juzgado|fichero|otras vías|acciones")


@pytest.fixture
def luz():
    return house()


def _with_notice(toml: str) -> str:
    return re.sub(r"requires = .*", "", toml).replace('template = "firm"', 'template = "suspension_notice"')


def test_no_consequence_is_founded_yet_and_the_notice_of_suspension_is_about_one():
    assert frozenset() == FOUNDED
    assert {template for template in KINDS if unfounded(template)} == {"suspension_notice"}


@pytest.mark.parametrize("name", sorted(shipped_strategies()))
def test_no_strategy_of_the_house_uses_such_a_text(name):
    assert unfounded_steps(read_strategy(shipped_strategies()[name])) == []


def test_a_strategy_with_such_a_step_is_refused_and_nothing_of_it_is_kept(luz):
    toml = _with_notice(shipped_strategies()["pymes"])
    sentence = "anuncia suspender el servicio, y todavía ninguna estrategia puede hacerlo"
    with luz.inside():
        kept = StrategyVersion.objects.count()
        for act in (
            lambda: candidate_of(luz.creditor, toml),
            lambda: set_strategy(creditor_id=luz.creditor.pk, toml=toml, now=NOW, actor="ana"),
        ):
            with pytest.raises(StrategyRefused, match=sentence):
                act()
        assert StrategyVersion.objects.count() == kept
    with pytest.raises(StrategyRefused, match=sentence):
        check_strategy(luz.creditor, toml, DAY, Whom())


def test_a_message_of_a_version_kept_earlier_is_held_with_its_reason(luz, monkeypatch):
    """Kept when such texts were not refused."""
    luz.customer("A", (60_000, DAY - timedelta(days=36)))
    with monkeypatch.context() as before:
        before.setattr("aldia.queries.strategy_check.unfounded_steps", lambda _strategy: [])
        use_strategy(luz, "pymes", _with_notice)
    luz.run()
    with luz.inside():
        assert Message.objects.get().template == "suspension_notice"
    (refused,) = luz.looks().values()
    assert isinstance(refused, Refused)
    assert refused.rule == "unfounded"
    assert refused.retry_at is not None
    assert refusal_sentence(refused).startswith("El texto de este paso anuncia suspender el servicio")


def test_the_last_notice_of_the_house_announces_nothing_that_will_not_come(luz):
    use_strategy(luz, "pymes", lambda toml: re.sub(r"requires = .*", "", toml))
    luz.customer("A", (60_000, DAY - timedelta(days=90)))
    luz.run()
    with luz.inside():
        message = Message.objects.get()
        assert message.template == "last_notice"
        Message.objects.update(channel="email")
    mail = luz.mail("A")
    assert isinstance(mail, Rendered)
    assert CONSEQUENCES.findall(mail.text.lower()) == []
    assert mail.subject.startswith("Último aviso y propuesta de acuerdo")
    found = findings(
        message_parts(mail.subject, mail.text, "email"), Reading(last=True, person_kind="business")
    )
    assert [each for each in found if each.code in (Code.CONSEQUENCE, Code.THREAT)] == []
    assert CONSEQUENCES.findall("presentaremos una demanda")  # it would be seen
