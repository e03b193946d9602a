"""Articles: publish, read, edit, delete, list, comment, mark."""

from django.test import TestCase

from accounts.tests import Person, registered
from articles.models import Article, Comment, Favorite, Tag


class PublishingTest(TestCase):
    def test_keeps_tags_in_order_and_each_once(self) -> None:
        article = registered("ada").publish(tagList=["b", "a", "b"])
        seen = Person().get(f"/articles/{article['slug']}").json()["article"]
        self.assertEqual(seen, article)
        self.assertEqual(seen["tagList"], ["b", "a"])

    def test_finds_a_slug_for_every_title(self) -> None:
        ada = registered("ada")
        titles = ["Feed", "你好", "!!!", "Same", "Same", "a" * 255, "Ünïcode  here"]
        slugs = [ada.publish(title)["slug"] for title in titles]
        self.assertEqual(len(set(slugs)), len(slugs))
        for slug in slugs:
            self.assertRegex(slug, r"^[a-z0-9-]+$")
            self.assertEqual(Person().get(f"/articles/{slug}").status_code, 200)

    def test_refuses_blanks(self) -> None:
        ada = registered("ada")
        article = {"title": " ", "description": "d", "tagList": [""]}
        answer = ada.ask("POST", "/articles", {"article": article})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(set(answer.json()["errors"]), {"title", "body", "tagList"})


class EditingTest(TestCase):
    def test_changes_what_was_sent_and_the_time(self) -> None:
        ada = registered("ada")
        article = ada.publish(tagList=["x", "y"])
        path = f"/articles/{article['slug']}"
        edited = ada.ask("PUT", path, {"article": {"body": "New"}}).json()["article"]
        kept = set(article) - {"body", "updatedAt"}
        self.assertEqual({k: edited[k] for k in kept}, {k: article[k] for k in kept})
        self.assertGreater(edited["updatedAt"], article["updatedAt"])

    def test_moves_with_its_title(self) -> None:
        ada = registered("ada")
        path = f"/articles/{ada.publish()['slug']}"
        edited = ada.ask("PUT", path, {"article": {"title": "Else", "tagList": []}})
        self.assertEqual(edited.json()["article"]["slug"], "else")
        self.assertEqual(Person().get(path).status_code, 404)
        self.assertEqual(Tag.objects.count(), 0)

    def test_is_for_the_author(self) -> None:
        path = f"/articles/{registered('ada').publish()['slug']}"
        bob = registered("bob")
        for person, status in ((bob, 403), (Person(), 401)):
            answer = person.ask("PUT", path, {"article": {"body": "Mine"}})
            self.assertEqual(answer.status_code, status)
            self.assertEqual(person.ask("DELETE", path).status_code, status)


class DeletingTest(TestCase):
    def test_takes_everything_along(self) -> None:
        ada, bob = registered("ada"), registered("bob")
        path = f"/articles/{ada.publish(tagList=['x'])['slug']}"
        bob.ask("POST", f"{path}/comments", {"comment": {"body": "Well"}})
        bob.ask("POST", f"{path}/favorite")
        self.assertEqual(ada.ask("DELETE", path).status_code, 204)
        for model in (Article, Comment, Favorite, Tag):
            self.assertFalse(model.objects.exists())
        self.assertEqual(ada.ask("DELETE", path).status_code, 404)
        self.assertEqual(Person().get(f"{path}/comments").status_code, 404)


class ListingTest(TestCase):
    def test_narrows_by_all_filters(self) -> None:
        ada, bob = registered("ada"), registered("bob")
        wanted = ada.publish("One", tagList=["x", "y"])["slug"]
        ada.publish("Two", tagList=["x"])
        bob.publish("Three", tagList=["y"])
        bob.ask("POST", f"/articles/{wanted}/favorite")
        for query, count in (
            ("tag=x", 2),
            ("author=bob", 1),
            ("favorited=bob", 1),
            ("tag=y&author=ada&favorited=bob", 1),
            ("tag=y&author=bob&favorited=bob", 0),
            ("author=nobody", 0),
        ):
            with self.subTest(query):
                page = Person().get(f"/articles?{query}").json()
                self.assertEqual(page["articlesCount"], count)
                self.assertEqual(len(page["articles"]), count)

    def test_pages_show_each_article_once(self) -> None:
        ada = registered("ada")
        slugs = [ada.publish(f"Title {n}")["slug"] for n in range(5)]
        pages = [Person().get(f"/articles?limit=2&offset={n}").json() for n in (0, 2, 4, 6)]
        seen = [each["slug"] for page in pages for each in page["articles"]]
        self.assertEqual(seen, slugs[::-1])
        self.assertEqual([page["articlesCount"] for page in pages], [5, 5, 5, 5])
        self.assertNotIn("body", pages[0]["articles"][0])

    def test_costs_one_statement(self) -> None:
        ada = registered("ada")
        for n in range(3):
            ada.publish(f"Title {n}", tagList=["x", "y"])
        for path in ("/articles", "/articles?tag=x", "/articles?author=ada"):
            with self.subTest(path), self.assertNumQueries(1):
                Person().get(path)

    def test_feed_shows_whom_i_follow(self) -> None:
        ada, bob, eve = registered("ada"), registered("bob"), registered("eve")
        bob.publish("Bob's")
        eve.publish("Eve's")
        ada.ask("POST", "/profiles/bob/follow")
        page = ada.get("/articles/feed").json()
        self.assertEqual([each["title"] for each in page["articles"]], ["Bob's"])
        self.assertTrue(page["articles"][0]["author"]["following"])
        self.assertEqual(Person().get("/articles/feed").status_code, 401)

    def test_refuses_pages_that_make_no_sense(self) -> None:
        for query in ("limit=x", "limit=0", "offset=-1", f"offset={2**63}", "tag=%00", "tag=%ff"):
            with self.subTest(query):
                self.assertEqual(Person().get(f"/articles?{query}").status_code, 422)


class FavoriteTest(TestCase):
    def test_counts_people(self) -> None:
        ada, bob = registered("ada"), registered("bob")
        path = f"/articles/{ada.publish()['slug']}"
        for person, count in ((ada, 1), (ada, 1), (bob, 2)):
            seen = person.ask("POST", f"{path}/favorite").json()["article"]
            self.assertEqual((seen["favorited"], seen["favoritesCount"]), (True, count))
        seen = bob.ask("DELETE", f"{path}/favorite").json()["article"]
        self.assertEqual((seen["favorited"], seen["favoritesCount"]), (False, 1))


class CommentTest(TestCase):
    def test_is_deleted_by_its_writer_under_its_article(self) -> None:
        ada, bob = registered("ada"), registered("bob")
        path, other = (f"/articles/{ada.publish()['slug']}/comments" for _ in range(2))
        comment = bob.ask("POST", path, {"comment": {"body": "Well"}}).json()["comment"]
        self.assertEqual(Person().get(path).json()["comments"], [comment])
        self.assertEqual(Person().get(other).json()["comments"], [])
        self.assertEqual(ada.ask("DELETE", f"{path}/{comment['id']}").status_code, 403)
        self.assertEqual(bob.ask("DELETE", f"{other}/{comment['id']}").status_code, 404)
        self.assertEqual(bob.ask("DELETE", f"{path}/{comment['id']}").status_code, 204)
        self.assertEqual(bob.ask("DELETE", f"{path}/{comment['id']}").status_code, 404)


class TagsTest(TestCase):
    def test_lists_those_in_use_once(self) -> None:
        ada = registered("ada")
        self.assertEqual(Person().get("/tags").json(), {"tags": []})
        ada.publish(tagList=["b", "a"])
        slug = ada.publish(tagList=["a", "c"])["slug"]
        ada.ask("DELETE", f"/articles/{slug}")
        self.assertEqual(Person().get("/tags").json(), {"tags": ["a", "b"]})
