from django.test import TestCase


class PageTest(TestCase):
    def test_page(self):
        self.assertEqual(self.client.get("/").content, b"cart")

    def test_missing_page(self):
        self.assertEqual(self.client.get("/nowhere").status_code, 200)
