package com.example.conduit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The whole server, on the database of SPRING_DATASOURCE_URL. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "conduit.jwt-secret=0123456789abcdef0123456789abcdef")
class ConduitApplicationTest {

    private Client stranger;

    @BeforeEach
    void start(@LocalServerPort int port) {
        stranger = new Client(RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build());
    }

    @Test
    void aNewAccountHasNoBioAndNoImage() {
        Client ada = stranger.person();
        var user = ada.ask(GET, "/api/user", null).body().get("user");
        assertThat(user.get("username").asString()).isEqualTo(ada.name);
        assertThat(user.get("bio").isNull()).isTrue();
        assertThat(user.get("image").isNull()).isTrue();
    }

    @Test
    void aTakenNameIsRefusedByItsField() {
        Client ada = stranger.person();
        var answer = stranger.ask(POST, "/api/users", Map.of("user",
                Map.of("username", ada.name, "email", "other@x.example", "password", Client.PASSWORD)));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().get("errors").has("username")).isTrue();
    }

    @Test
    void anAddressIsTheSameInCapitals() {
        Client ada = stranger.person();
        var answer = stranger.ask(POST, "/api/users/login", Map.of("user",
                Map.of("email", " " + ada.email.toUpperCase(), "password", Client.PASSWORD)));
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aWrongPasswordAndAnUnknownAddressGetTheSameRefusal() {
        Client ada = stranger.person();
        var wrong = login(ada.email, "wrong wrong");
        var unknown = login("nobody@x.example", "wrong wrong");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void aNewPasswordEndsTheTokensFromBefore() {
        Client ada = stranger.person();
        var changed = ada.ask(PUT, "/api/user", Map.of("user", Map.of("password", "another one")));
        assertThat(ada.ask(GET, "/api/user", null).status()).isEqualTo(401);
        ada.token = changed.body().at("/user/token").asString();
        assertThat(ada.ask(GET, "/api/user", null).status()).isEqualTo(200);
    }

    @Test
    void nullClearsABio() {
        Client ada = stranger.person();
        ada.ask(PUT, "/api/user", Map.of("user", Map.of("bio", "writes")));
        Map<String, Object> cleared = new HashMap<>();
        cleared.put("bio", null);
        var user = ada.ask(PUT, "/api/user", Map.of("user", cleared)).body().get("user");
        assertThat(user.get("bio").isNull()).isTrue();
    }

    @Test
    void tagsComeBackInTheirOrder() {
        Client ada = stranger.person();
        String slug = ada.publish("Dragons " + UUID.randomUUID(), "b", "a", "b");
        var tags = stranger.ask(GET, "/api/articles/" + slug, null).body().at("/article/tagList");
        assertThat(tags.toString()).isEqualTo("[\"b\",\"a\"]");
    }

    @Test
    void onlyTheAuthorEditsOrDeletes() {
        Client ada = stranger.person();
        Client bob = stranger.person();
        String slug = ada.publish("Mine");
        var edit = bob.ask(PUT, "/api/articles/" + slug, Map.of("article", Map.of("title", "x")));
        assertThat(edit.status()).isEqualTo(403);
        assertThat(bob.ask(DELETE, "/api/articles/" + slug, null).status()).isEqualTo(403);
        assertThat(ada.ask(DELETE, "/api/articles/" + slug, null).status()).isEqualTo(204);
        assertThat(stranger.ask(GET, "/api/articles/" + slug, null).status()).isEqualTo(404);
    }

    @Test
    void manyWhoPublishUnderOneTitleAllGetASlug() {
        Client ada = stranger.person();
        String title = "Same " + UUID.randomUUID();
        List<CompletableFuture<String>> slugs = IntStream.range(0, 6)
                .mapToObj(any -> CompletableFuture.supplyAsync(() -> ada.publish(title))).toList();
        assertThat(slugs.stream().map(CompletableFuture::join)).doesNotHaveDuplicates().hasSize(6);
    }

    @Test
    void aFavouriteCountsOncePerPerson() {
        Client ada = stranger.person();
        Client bob = stranger.person();
        String slug = ada.publish("Liked");
        bob.ask(POST, "/api/articles/" + slug + "/favorite", null);
        var article = bob.ask(POST, "/api/articles/" + slug + "/favorite", null).body().get("article");
        assertThat(article.get("favoritesCount").asInt()).isEqualTo(1);
        assertThat(article.get("favorited").asBoolean()).isTrue();
    }

    @Test
    void theFeedShowsWhomOneFollows() {
        Client ada = stranger.person();
        Client bob = stranger.person();
        String slug = ada.publish("News");
        bob.ask(POST, "/api/profiles/" + ada.name + "/follow", null);
        var feed = bob.ask(GET, "/api/articles/feed", null).body();
        assertThat(feed.get("articlesCount").asInt()).isEqualTo(1);
        assertThat(feed.at("/articles/0/slug").asString()).isEqualTo(slug);
        assertThat(feed.at("/articles/0/author/following").asBoolean()).isTrue();
    }

    @Test
    void aCommentIsDeletedByItsWriterOnly() {
        Client ada = stranger.person();
        Client bob = stranger.person();
        String comments = "/api/articles/" + ada.publish("Discussed") + "/comments";
        var added = bob.ask(POST, comments, Map.of("comment", Map.of("body", "hm")));
        String comment = comments + "/" + added.body().at("/comment/id").asString();
        assertThat(ada.ask(DELETE, comment, null).status()).isEqualTo(403);
        assertThat(bob.ask(DELETE, comment, null).status()).isEqualTo(204);
        assertThat(stranger.ask(GET, comments, null).body().get("comments").isEmpty()).isTrue();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(stranger.ask(GET, "/api/articles?limit=x", null).status()).isEqualTo(422);
        assertThat(stranger.ask(GET, "/api/nowhere", null).status()).isEqualTo(404);
        assertThat(stranger.ask(PUT, "/api/tags", null).status()).isEqualTo(405);
        assertThat(stranger.ask(POST, "/api/users", "x".repeat(2_000_000)).status()).isEqualTo(413);
    }

    private Client.Answer login(String email, String password) {
        return stranger.ask(POST, "/api/users/login", Map.of("user", Map.of("email", email, "password", password)));
    }
}
