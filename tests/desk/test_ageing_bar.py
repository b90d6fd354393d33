"""The bar shows every cent, and nothing beyond its ends."""

from hypothesis import given
from hypothesis import strategies as st

from aldia.kernel.money import Money

_BUCKETS = ("not_due", "1_30", "31_60", "61_90", "91_180", "181_360", "over_360")


def _balance(amounts):
    from aldia.queries.today_page import Balance

    aging = tuple((bucket, Money(minor, "EUR")) for bucket, minor in zip(_BUCKETS, amounts, strict=False))
    whole = Money(sum(amounts), "EUR")
    return Balance(whole, whole, aging)


@given(amounts=st.lists(st.integers(0, 10**12), min_size=2, max_size=7).filter(any))
def test_slices_stand_in_order_and_keep_all_the_money(amounts):
    from aldia.ui.ageing import BAR_WIDTH, ageing_bar

    slices = ageing_bar(_balance(amounts)).slices
    assert sum(each.amount.minor for each in slices) == sum(amounts)
    assert [each.x for each in slices] == sorted(each.x for each in slices)
    assert all(0 <= each.x <= BAR_WIDTH and 0 < each.width <= BAR_WIDTH for each in slices)
    assert [each.tone for each in slices] == sorted(each.tone for each in slices)
    assert all(0 <= each.tone <= 6 for each in slices)


def test_the_bar_is_told_in_words():
    from aldia.ui.ageing import ageing_bar

    caption = ageing_bar(_balance([30_000, 0, 10_000])).caption.replace("\u00a0", " ")
    assert caption == "Antigüedad del saldo. sin vencer: 300,00 € (75 %); 31–60 días: 100,00 € (25 %)."


def test_buckets_are_named_as_people_do():
    from aldia.ui.ageing import bucket_label

    assert [bucket_label(each) for each in ("not_due", "1_30", "over_360")] == [
        "sin vencer",
        "1–30 días",
        "más de 360 días",
    ]
