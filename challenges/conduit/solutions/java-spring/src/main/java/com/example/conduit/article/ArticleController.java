package com.example.conduit.article;

import java.util.List;

import com.example.conduit.account.Account;
import com.example.conduit.profile.Profile;
import com.example.conduit.web.Form;
import com.example.conduit.web.JsonBody;
import com.example.conduit.web.Page;
import com.example.conduit.web.Timestamps;
import com.example.conduit.web.Viewer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/articles")
class ArticleController {

    record ArticleResponse(ArticleBody article) {
    }

    record ArticlesResponse(List<Summary> articles, long articlesCount) {
    }

    /** An article as lists show it, without its body. */
    record Summary(String slug, String title, String description, List<String> tagList, String createdAt,
            String updatedAt, boolean favorited, long favoritesCount, Profile author) {

        static Summary of(Article article) {
            return new Summary(article.slug(), article.title(), article.description(), article.tags(),
                    Timestamps.format(article.createdAt()), Timestamps.format(article.updatedAt()),
                    article.favorited(), article.favoritesCount(), article.author());
        }
    }

    record ArticleBody(String slug, String title, String description, String body, List<String> tagList,
            String createdAt, String updatedAt, boolean favorited, long favoritesCount, Profile author) {

        static ArticleBody of(Article article) {
            return new ArticleBody(article.slug(), article.title(), article.description(), article.body(),
                    article.tags(), Timestamps.format(article.createdAt()), Timestamps.format(article.updatedAt()),
                    article.favorited(), article.favoritesCount(), article.author());
        }
    }

    private static final int MAX_TAGS = 1000;

    private static final Form.Rule[] TITLE = { Form.atMost(255), Form::filled };

    private static final Form.Rule[] TAG = { Form.atMost(64), Form::filled };

    private final ArticleService articles;

    ArticleController(ArticleService articles) {
        this.articles = articles;
    }

    @GetMapping
    ArticlesResponse list(@RequestParam(required = false) String tag,
            @RequestParam(required = false) String author, @RequestParam(required = false) String favorited,
            Page page, Viewer viewer) {
        return response(articles.list(new ArticleFilter(tag, author, favorited, false), page, viewer.id()));
    }

    @GetMapping("/feed")
    ArticlesResponse feed(Page page, Account me) {
        return response(articles.list(new ArticleFilter(null, null, null, true), page, me.id()));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ArticleResponse publish(Account me, @JsonBody("article") Form form) {
        String title = form.text("title", TITLE);
        String description = form.text("description", Form::filled);
        String body = form.text("body", Form::filled);
        List<String> tags = form.texts("tagList", MAX_TAGS, TAG);
        form.check();
        ArticleContent content = new ArticleContent(title, description, body, tags == null ? List.of() : tags);
        return response(articles.publish(me.id(), content));
    }

    @GetMapping("/{slug}")
    ArticleResponse read(@PathVariable String slug, Viewer viewer) {
        return response(articles.read(slug, viewer.id()));
    }

    @PutMapping("/{slug}")
    ArticleResponse edit(@PathVariable String slug, Account me, @JsonBody("article") Form form) {
        ArticleContent content = new ArticleContent(form.optionalText("title", TITLE),
                form.optionalText("description", Form::filled), form.optionalText("body", Form::filled),
                form.texts("tagList", MAX_TAGS, TAG));
        form.check();
        return response(articles.edit(slug, me.id(), content));
    }

    @DeleteMapping("/{slug}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String slug, Account me) {
        articles.delete(slug, me.id());
    }

    @PostMapping("/{slug}/favorite")
    ArticleResponse favorite(@PathVariable String slug, Account me) {
        return response(articles.mark(slug, me.id(), true));
    }

    @DeleteMapping("/{slug}/favorite")
    ArticleResponse unfavorite(@PathVariable String slug, Account me) {
        return response(articles.mark(slug, me.id(), false));
    }

    private static ArticleResponse response(Article article) {
        return new ArticleResponse(ArticleBody.of(article));
    }

    private static ArticlesResponse response(ArticlePage page) {
        return new ArticlesResponse(page.articles().stream().map(Summary::of).toList(), page.total());
    }
}
