package com.example.conduit.comment;

import java.util.List;

import com.example.conduit.account.Account;
import com.example.conduit.profile.Profile;
import com.example.conduit.web.Form;
import com.example.conduit.web.JsonBody;
import com.example.conduit.web.Refusal;
import com.example.conduit.web.Timestamps;
import com.example.conduit.web.Viewer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/articles/{slug}/comments")
class CommentController {

    record CommentResponse(CommentBody comment) {
    }

    record CommentsResponse(List<CommentBody> comments) {
    }

    record CommentBody(long id, String createdAt, String updatedAt, String body, Profile author) {

        static CommentBody of(Comment comment) {
            return new CommentBody(comment.id(), Timestamps.format(comment.createdAt()),
                    Timestamps.format(comment.updatedAt()), comment.body(), comment.author());
        }
    }

    private final CommentService comments;

    CommentController(CommentService comments) {
        this.comments = comments;
    }

    @GetMapping
    CommentsResponse list(@PathVariable String slug, Viewer viewer) {
        return new CommentsResponse(comments.ofArticle(slug, viewer.id()).stream().map(CommentBody::of).toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CommentResponse add(@PathVariable String slug, Account me, @JsonBody("comment") Form form) {
        String body = form.text("body", Form::filled);
        form.check();
        return new CommentResponse(CommentBody.of(comments.add(slug, me, body)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String slug, @PathVariable String id, Account me) {
        comments.delete(slug, number(id), me.id());
    }

    /** What is no number is no comment's. */
    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException error) {
            throw Refusal.missing("comment");
        }
    }
}
