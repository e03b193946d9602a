package com.example.conduit.article;

import com.example.conduit.database.Retry;
import com.example.conduit.web.Refusal;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes of articles, each stored whole or not at all. */
@Service
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
class ArticleTransactions {

    private final ArticleRepository articles;

    ArticleTransactions(ArticleRepository articles) {
        this.articles = articles;
    }

    /** Throws DuplicateKeyException if somebody has the slug already. */
    @Transactional
    Article publish(long author, String slug, ArticleContent content) {
        long id = articles.add(author, slug, content);
        articles.addTags(id, content.tags());
        return read(slug, author);
    }

    /** Throws DuplicateKeyException if somebody has the new slug already. */
    @Transactional
    Article edit(String slug, String newSlug, long author, ArticleContent content) {
        ArticleRepository.Held held = articles.hold(slug).orElseThrow(() -> Refusal.missing("article"));
        if (held.author() != author) {
            throw Refusal.foreign("article");
        }
        boolean keepsTitle = content.title() == null || content.title().equals(held.title());
        String kept = keepsTitle ? slug : newSlug;
        if (!content.isEmpty()) {
            articles.update(held.id(), kept, content);
        }
        if (content.tags() != null) {
            articles.removeTags(held.id());
            articles.addTags(held.id(), content.tags());
        }
        return read(kept, author);
    }

    @Transactional
    void delete(String slug, long author) {
        if (articles.delete(slug, author)) {
            return;
        }
        boolean foreign = articles.authorOf(slug).filter(owner -> owner != author).isPresent();
        throw foreign ? Refusal.foreign("article") : Refusal.missing("article");
    }

    /**
     * Marks an article, or takes the mark back. The article is held meanwhile, so that the answer
     * shows the count as this change left it, and so that one which is being deleted is gone.
     */
    @Transactional
    Article mark(String slug, long user, boolean favorite) {
        long id = articles.hold(slug).orElseThrow(() -> Refusal.missing("article")).id();
        if (favorite) {
            articles.favorite(id, user);
        } else {
            articles.unfavorite(id, user);
        }
        return read(slug, user);
    }

    private Article read(String slug, long viewer) {
        return articles.find(slug, viewer).orElseThrow(() -> Refusal.missing("article"));
    }
}
