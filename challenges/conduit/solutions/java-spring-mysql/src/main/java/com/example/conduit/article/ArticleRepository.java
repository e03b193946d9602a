package com.example.conduit.article;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

import com.example.conduit.profile.Profile;
import com.example.conduit.web.Page;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Keeps articles, their tags and who marked them. */
@Repository
class ArticleRepository {

    /** An article that is held until the transaction ends. */
    record Held(long id, long author, String title) {
    }

    /** The article is a, its author u; :viewer is the id of the one who asks, or NULL. */
    private static final String SUMMARY = """
            a.id, a.slug, a.title, a.description, a.created_at, a.updated_at,
            (SELECT JSON_OBJECTAGG(position, tag) FROM article_tags WHERE article_id = a.id) AS tags,
            (SELECT count(*) FROM favorites WHERE article_id = a.id) AS favorites_count,
            EXISTS (
                SELECT 1 FROM favorites WHERE article_id = a.id AND user_id = :viewer
            ) AS favorited,
            """ + Profile.COLUMNS;

    private static final String TAGGED = """
            a.id IN (SELECT t.article_id FROM article_tags t WHERE t.tag = :tag)""";

    private static final String WRITTEN_BY = "a.author_id = (SELECT id FROM users WHERE username = :author)";

    private static final String FAVORITED_BY = """
            a.id IN (
                SELECT f.article_id FROM favorites f JOIN users fan ON fan.id = f.user_id
                WHERE fan.username = :favorited
            )""";

    private static final String FOLLOWED = """
            a.author_id IN (SELECT followed_id FROM follows WHERE follower_id = :viewer)""";

    private static final JsonMapper JSON = new JsonMapper();

    private static final TypeReference<TreeMap<Integer, String>> BY_POSITION = new TypeReference<>() {
    };

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
     */
    ArticlePage list(ArticleFilter filter, Page page, Long viewer) {
        List<String> conditions = conditions(filter);
        String matching = conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
        JdbcClient.StatementSpec statement = jdbc.sql("""
                SELECT counted.total, page.*
                FROM (SELECT count(*) AS total FROM articles a WHERE %s) counted
                LEFT JOIN (
                    SELECT %s
                    FROM (
                        SELECT a.* FROM articles a WHERE %s
                        ORDER BY a.created_at DESC, a.id DESC LIMIT :limit OFFSET :offset
                    ) a JOIN users u ON u.id = a.author_id
                ) page ON true
                ORDER BY page.created_at DESC, page.id DESC""".formatted(matching, SUMMARY, matching))
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
        var key = new GeneratedKeyHolder();
        jdbc.sql("""
                INSERT INTO articles (author_id, slug, title, description, body)
                VALUES (:author, :slug, :title, :description, :body)""")
                .param("author", author)
                .param("slug", slug)
                .param("title", content.title())
                .param("description", content.description())
                .param("body", content.body())
                .update(key);
        return key.getKeyAs(Number.class).longValue();
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
                    title = COALESCE(:title, title),
                    description = COALESCE(:description, description),
                    body = COALESCE(:body, body),
                    updated_at = GREATEST(now(6), updated_at + INTERVAL 1000 MICROSECOND)
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
            jdbc.sql("INSERT INTO article_tags (article_id, position, tag) VALUES :rows")
                    .param("rows", IntStream.range(0, tags.size())
                            .mapToObj(position -> new Object[] { id, position, tags.get(position) }).toList())
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

    /** Not by INSERT IGNORE, which ignores whatever is wrong. */
    void favorite(long id, long user) {
        jdbc.sql("""
                INSERT INTO favorites (article_id, user_id) VALUES (:id, :user)
                ON DUPLICATE KEY UPDATE user_id = user_id""")
                .param("id", id).param("user", user).update();
    }

    void unfavorite(long id, long user) {
        jdbc.sql("DELETE FROM favorites WHERE article_id = :id AND user_id = :user")
                .param("id", id).param("user", user).update();
    }

    private static Article article(ResultSet row, String body) throws SQLException {
        return new Article(row.getString("slug"), row.getString("title"), row.getString("description"), body,
                tags(row.getString("tags")), time(row, "created_at"), time(row, "updated_at"),
                row.getBoolean("favorited"), row.getLong("favorites_count"), Profile.of(row));
    }

    /** In the order of their positions, which an object of JSON does not keep. */
    private static List<String> tags(String json) {
        return json == null ? List.of() : List.copyOf(JSON.readValue(json, BY_POSITION).values());
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
}
