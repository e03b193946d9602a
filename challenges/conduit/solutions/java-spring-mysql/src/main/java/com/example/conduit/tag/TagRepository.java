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
     * Returns every tag that an article has, each once. MySQL jumps along the index from one to the
     * next, so that the work grows with the number of tags and not with that of the articles.
     */
    public List<String> inUse() {
        return jdbc.sql("SELECT DISTINCT tag FROM article_tags ORDER BY tag").query(String.class).list();
    }
}
