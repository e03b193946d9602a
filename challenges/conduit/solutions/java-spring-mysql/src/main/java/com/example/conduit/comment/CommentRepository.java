package com.example.conduit.comment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import com.example.conduit.account.Account;
import com.example.conduit.profile.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class CommentRepository {

    private final JdbcClient jdbc;

    CommentRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the comments of an article, oldest first; empty if there is no such article, which
     * stands in the first row also when it has no comments.
     */
    Optional<List<Comment>> ofArticle(String slug, Long viewer) {
        List<Optional<Comment>> rows = jdbc.sql("""
                SELECT c.id, c.created_at, c.updated_at, c.body, %s
                FROM articles a
                LEFT JOIN comments c ON c.article_id = a.id
                LEFT JOIN users u ON u.id = c.author_id
                WHERE a.slug = :slug
                ORDER BY c.id""".formatted(Profile.COLUMNS))
                .param("slug", slug)
                .param("viewer", viewer)
                .query((row, number) -> row.getObject("id") == null ? Optional.<Comment>empty()
                        : Optional.of(comment(row, Profile.of(row))))
                .list();
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.stream().flatMap(Optional::stream).toList());
    }

    /** Returns the new comment; empty if there is no such article. */
    Optional<Comment> add(String slug, Account author, String body) {
        Profile profile = new Profile(author.username(), author.bio(), author.image(), false);
        var key = new GeneratedKeyHolder();
        int added = jdbc.sql("""
                INSERT INTO comments (article_id, author_id, body)
                SELECT id, :author, :body FROM articles WHERE slug = :slug""")
                .param("author", author.id())
                .param("body", body)
                .param("slug", slug)
                .update(key);
        return added == 0 ? Optional.empty()
                : jdbc.sql("SELECT id, created_at, updated_at, body FROM comments WHERE id = :id")
                        .param("id", key.getKeyAs(Number.class))
                        .query((row, number) -> comment(row, profile)).optional();
    }

    boolean delete(String slug, long id, long author) {
        return jdbc.sql("""
                DELETE c FROM comments c JOIN articles a ON a.id = c.article_id
                WHERE a.slug = :slug AND c.id = :id AND c.author_id = :author""")
                .param("slug", slug)
                .param("id", id)
                .param("author", author).update() > 0;
    }

    Optional<Long> authorOf(String slug, long id) {
        return jdbc.sql("""
                SELECT c.author_id FROM comments c JOIN articles a ON a.id = c.article_id
                WHERE a.slug = :slug AND c.id = :id""")
                .param("slug", slug)
                .param("id", id)
                .query(Long.class).optional();
    }

    private static Comment comment(ResultSet row, Profile author) throws SQLException {
        return new Comment(row.getLong("id"), time(row, "created_at"), time(row, "updated_at"),
                row.getString("body"), author);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
}
