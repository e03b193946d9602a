package com.example.conduit.article;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.example.conduit.profile.Profile;
import com.example.conduit.web.Page;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps articles, their tags and who marked them. */
@Repository
class ArticleRepository {

    /** An article that is held until the transaction ends. */
    record Held(long id, long author, String title) {
    }

    /** The article is a, its author u; :viewer is the id of the one who asks, or NULL. */
    private static final String SUMMARY = """
            a.slug, a.title, a.description, a.created_at, a.updated_at,
            ARRAY(SELECT tag FROM article_tags WHERE article_id = a.id ORDER BY position) AS tags,
            (SELECT count(*) FROM favorites WHERE article_id = a.id) AS favorites_count,
            EXISTS (
                SELECT 1 FROM favorites WHERE article_id = a.id AND user_id = :viewer::bigint
            ) AS favorited,
            """ + Profile.COLUMNS;

    private static final String TAGGED = """
            EXISTS (SELECT 1 FROM article_tags t WHERE t.article_id = a.id AND t.tag = :tag)""";

    private static final String WRITTEN_BY = "a.author_id = (SELECT id FROM users WHERE username = :author)";

    private static final String FAVORITED_BY = """
            EXISTS (
                SELECT 1 FROM favorites f JOIN users fan ON fan.id = f.user_id
                WHERE f.article_id = a.id AND fan.username = :favorited
            )""";

    private static final String FOLLOWED = """
            a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = :viewer::bigint)""";

    private final JdbcClient jdbc;

    ArticleRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Article> find(String slug, Long viewer) {
        return jdbc.sql("SELECT a.body, " + SUMMARY + """

                FROM articles a JOIN users u ON u.id = a.author_id
                WHERE a.slug = :slug""")
                .param("slug", slug)
                .param("viewer", viewer)
                .query((row, number) -> article(row, row.getString("body"))).optional();
    }

    /**
     * Counts and pages in one statement, so that both see the same moment. The total stands beside
     * every row, and alone when the page is empty.
     *
     * What is filtered is found once, by the filter's index, for total and page: left to guess how
     * soon a page fills, PostgreSQL may walk through all articles for a rare tag. Without a filter
     * each takes its own way, along an index.
     */
    ArticlePage list(ArticleFilter filter, Page page, Long viewer) {
        List<String> conditions = conditions(filter);
        JdbcClient.StatementSpec statement = jdbc.sql("""
                WITH matching AS %s (
                    SELECT a.id, a.created_at FROM articles a WHERE %s
                ), page AS (
                    SELECT id FROM matching ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset
                )
                SELECT counted.total, %s
                FROM (SELECT count(*) AS total FROM matching) AS counted
                LEFT JOIN (
                    page JOIN articles a ON a.id = page.id JOIN users u ON u.id = a.author_id
                ) ON true
                ORDER BY a.created_at DESC, a.id DESC""".formatted(
                conditions.isEmpty() ? "NOT MATERIALIZED" : "MATERIALIZED",
                conditions.isEmpty() ? "true" : String.join(" AND ", conditions), SUMMARY))
                .param("tag", filter.tag())
                .param("author", filter.author())
                .param("favorited", filter.favorited())
                .param("limit", page.limit())
                .param("offset", page.offset())
                .param("viewer", viewer);
        return statement.query(rows -> {
            List<Article> articles = new ArrayList<>();
            long total = 0;
            while (rows.next()) {
                total = rows.getLong("total");
                if (rows.getString("slug") != null) {
                    articles.add(article(rows, null));
                }
            }
            return new ArticlePage(articles, total);
        });
    }

    private static List<String> conditions(ArticleFilter filter) {
        List<String> conditions = new ArrayList<>();
        if (filter.tag() != null) {
            conditions.add(TAGGED);
        }
        if (filter.author() != null) {
            conditions.add(WRITTEN_BY);
        }
        if (filter.favorited() != null) {
            conditions.add(FAVORITED_BY);
        }
        if (filter.feed()) {
            conditions.add(FOLLOWED);
        }
        return conditions;
    }

    long add(long author, String slug, ArticleContent content) {
        return jdbc.sql("""
                INSERT INTO articles (author_id, slug, title, description, body)
                VALUES (:author, :slug, :title, :description, :body)
                RETURNING id""")
                .param("author", author)
                .param("slug", slug)
                .param("title", content.title())
                .param("description", content.description())
                .param("body", content.body())
                .query(Long.class).single();
    }

    /** Holds an article against every other change of it until the transaction ends. */
    Optional<Held> hold(String slug) {
        return jdbc.sql("SELECT id, author_id, title FROM articles WHERE slug = :slug FOR UPDATE")
                .param("slug", slug)
                .query((row, number) -> new Held(row.getLong("id"), row.getLong("author_id"),
                        row.getString("title")))
                .optional();
    }

    /** Always moves updated_at by what an answer can show, that is a millisecond (R6). */
    void update(long id, String slug, ArticleContent content) {
        jdbc.sql("""
                UPDATE articles SET
                    slug = :slug,
                    title = COALESCE(:title::text, title),
                    description = COALESCE(:description::text, description),
                    body = COALESCE(:body::text, body),
                    updated_at = GREATEST(now(), updated_at + interval '1 millisecond')
                WHERE id = :id""")
                .param("slug", slug)
                .param("title", content.title())
                .param("description", content.description())
                .param("body", content.body())
                .param("id", id)
                .update();
    }

    void addTags(long id, List<String> tags) {
        if (!tags.isEmpty()) {
            jdbc.sql("""
                    INSERT INTO article_tags (article_id, tag, position)
                    SELECT :id, tag, position
                    FROM unnest(:tags::text[]) WITH ORDINALITY AS sent (tag, position)""")
                    .param("id", id)
                    .param("tags", tags.toArray(String[]::new))
                    .update();
        }
    }

    void removeTags(long id) {
        jdbc.sql("DELETE FROM article_tags WHERE article_id = :id").param("id", id).update();
    }

    boolean delete(String slug, long author) {
        return jdbc.sql("DELETE FROM articles WHERE slug = :slug AND author_id = :author")
                .param("slug", slug).param("author", author).update() > 0;
    }

    Optional<Long> authorOf(String slug) {
        return jdbc.sql("SELECT author_id FROM articles WHERE slug = :slug").param("slug", slug)
                .query(Long.class).optional();
    }

    void favorite(long id, long user) {
        jdbc.sql("INSERT INTO favorites (article_id, user_id) VALUES (:id, :user) ON CONFLICT DO NOTHING")
                .param("id", id).param("user", user).update();
    }

    void unfavorite(long id, long user) {
        jdbc.sql("DELETE FROM favorites WHERE article_id = :id AND user_id = :user")
                .param("id", id).param("user", user).update();
    }

    private static Article article(ResultSet row, String body) throws SQLException {
        return new Article(row.getString("slug"), row.getString("title"), row.getString("description"), body,
                texts(row.getArray("tags")), time(row, "created_at"), time(row, "updated_at"),
                row.getBoolean("favorited"), row.getLong("favorites_count"), Profile.of(row));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
