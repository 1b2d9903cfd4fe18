"""Deliveries restate one another when feed, supplier, period and part and kind, real or made up, are the same."""

import itertools

from sources.ledger.delivery_key import DeliveryKey

KEY = DeliveryKey("police/street_crime", "kent", "2021-04-01", False)
OTHERS = [
    KEY._replace(source_feed="police/outcomes"),
    KEY._replace(supplier="avon"),
    KEY._replace(supplier=None),
    KEY._replace(supplier="null"),
    KEY._replace(period_start="2021-05-01"),
    KEY._replace(period_start=None),
    KEY._replace(is_synthetic=True),
    KEY._replace(part="dover"),
]


def test_each_key_has_a_text_of_its_own_and_the_same_one_again() -> None:
    assert len({key.text for key in [KEY, *OTHERS]}) == 1 + len(OTHERS)
    assert DeliveryKey(*KEY).text == KEY.text


def test_a_series_is_what_its_periods_share() -> None:
    same = {one for one in OTHERS if one.series == KEY.series}
    assert same == {KEY._replace(period_start="2021-05-01"), KEY._replace(period_start=None)}
    assert not any(one == other for one, other in itertools.combinations([KEY, *OTHERS], 2))
