package com.example.conduit.comment;

import java.util.List;

import com.example.conduit.account.Account;
import com.example.conduit.database.Retry;
import com.example.conduit.web.Refusal;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What people write under articles (C1 to C4). */
@Service
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
class CommentService {

    private final CommentRepository comments;

    CommentService(CommentRepository comments) {
        this.comments = comments;
    }

    List<Comment> ofArticle(String slug, Long viewer) {
        return comments.ofArticle(slug, viewer).orElseThrow(() -> Refusal.missing("article"));
    }

    @Transactional
    Comment add(String slug, Account author, String body) {
        try {
            return comments.add(slug, author, body).orElseThrow(() -> Refusal.missing("article"));
        } catch (DataIntegrityViolationException error) { // it was deleted in the meantime
            throw Refusal.missing("article");
        }
    }

    @Transactional
    void delete(String slug, long id, long author) {
        if (comments.delete(slug, id, author)) {
            return;
        }
        boolean foreign = comments.authorOf(slug, id).filter(owner -> owner != author).isPresent();
        throw foreign ? Refusal.foreign("comment") : Refusal.missing("comment");
    }
}
