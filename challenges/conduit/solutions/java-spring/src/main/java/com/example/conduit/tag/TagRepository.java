package com.example.conduit.tag;

import java.util.List;

import com.example.conduit.database.Retry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Repository;

@Repository
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
public class TagRepository {

    private final JdbcClient jdbc;

    TagRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns every tag that an article has, each once. Jumps along the index from one tag to the
     * next, so that the work grows with the number of tags and not with that of the articles.
     */
    public List<String> inUse() {
        return jdbc.sql("""
                WITH RECURSIVE in_use AS (
                    SELECT min(tag) AS tag FROM article_tags
                    UNION ALL
                    SELECT (SELECT min(tag) FROM article_tags WHERE tag > in_use.tag)
                    FROM in_use WHERE in_use.tag IS NOT NULL
                )
                SELECT tag FROM in_use WHERE tag IS NOT NULL""").query(String.class).list();
    }
}
