import sys

import pytest
from cart import total


class TestTotal:
    def test_of_one(self):
        assert total([(2.5, 1)]) == 2.5

    @pytest.mark.parametrize("count", [2, 3])
    def test_of_many(self, count):
        assert total([(2.5, count)]) == 2.5 * count, "cheap \x1b[31m</testsuite> & more"


@pytest.mark.skip(reason="no discounts yet")
def test_discount():
    pass


@pytest.mark.xfail(reason="currencies come later")
def test_currency():
    assert total([]) == "0 EUR"


@pytest.fixture
def warehouse():
    raise ConnectionError("no warehouse")


def test_stock(warehouse):
    sys.stderr.write("\x00\x07" * 100)
