package com.example.conduit.article;

import java.util.function.Function;
import java.util.stream.Stream;

import com.example.conduit.database.Retry;
import com.example.conduit.web.Page;
import com.example.conduit.web.Refusal;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;

/** Publish, read, edit, delete, list and mark articles (R1 to R9, L1 to L6, F1, F2). */
@Service
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
class ArticleService {

    private final ArticleRepository articles;

    private final ArticleTransactions transactions;

    ArticleService(ArticleRepository articles, ArticleTransactions transactions) {
        this.articles = articles;
        this.transactions = transactions;
    }

    Article read(String slug, Long viewer) {
        return articles.find(slug, viewer).orElseThrow(() -> Refusal.missing("article"));
    }

    ArticlePage list(ArticleFilter filter, Page page, Long viewer) {
        return articles.list(filter, page, viewer);
    }

    Article publish(long author, ArticleContent content) {
        return withFreeSlug(Slugs.of(content.title()), slug -> transactions.publish(author, slug, content));
    }

    /** Changes what was sent; a new title brings a new slug. */
    Article edit(String slug, long author, ArticleContent content) {
        Stream<String> slugs = content.title() == null ? Stream.of(slug) : Slugs.of(content.title());
        return withFreeSlug(slugs, newSlug -> transactions.edit(slug, newSlug, author, content));
    }

    void delete(String slug, long author) {
        transactions.delete(slug, author);
    }

    Article mark(String slug, long user, boolean favorite) {
        return transactions.mark(slug, user, favorite);
    }

    /**
     * Takes a slug by storing it: if the database says that somebody has it already, the whole
     * transaction is undone and tried again with the next one.
     */
    private static Article withFreeSlug(Stream<String> slugs, Function<String, Article> work) {
        for (String slug : (Iterable<String>) slugs::iterator) {
            try {
                return work.apply(slug);
            } catch (DuplicateKeyException taken) {
                if (!String.valueOf(taken.getMessage()).contains("articles_slug_taken")) {
                    throw taken;
                }
            }
        }
        throw new IllegalStateException("no free slug in as many random attempts");
    }
}
