import unittest

from cart import total


class TotalTest(unittest.TestCase):
    def test_of_one(self):
        self.assertEqual(total([(2.5, 1)]), 2.5)

    def test_of_many(self):
        for count in (1, 2):
            with self.subTest(count=count):
                self.assertEqual(total([(2.5, count)]), 2.5 * count, "\x1b[31m</testcase>")

    @unittest.skip("no discounts yet")
    def test_discount(self):
        pass

    def test_stock(self):
        raise ConnectionError("no warehouse")
