package com.example.conduit.article;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugsTest {

    @ParameterizedTest
    @CsvSource({
            "How to train your dragon, how-to-train-your-dragon",
            "'  Crème  Brûlée! ', creme-brulee",
            "a/b?c#d%2F, a-b-c-d-2f",
            "春夏秋冬, ''",
            "?!…, ''",
    })
    void plainSlugHasOnlyLettersDigitsAndHyphens(String title, String slug) {
        assertThat(Slugs.plain(title)).isEqualTo(slug);
    }

    @Test
    void longTitlesAreCutWithoutAHyphenAtTheEnd() {
        assertThat(Slugs.plain("x".repeat(255))).isEqualTo("x".repeat(80));
        assertThat(Slugs.plain("x".repeat(79) + " y")).isEqualTo("x".repeat(79));
    }

    @Test
    void thePlainSlugIsTriedFirstAndRandomOnesFollow() {
        List<String> slugs = Slugs.of("My title").toList();
        assertThat(slugs.get(0)).isEqualTo("my-title");
        assertThat(slugs).hasSize(9).doesNotHaveDuplicates().allMatch(each -> each.startsWith("my-title"));
    }

    @ParameterizedTest
    @CsvSource({ "Feed, feed-", "春, article-" })
    void titlesWithoutAPlainSlugGetRandomOnes(String title, String beginning) {
        assertThat(Slugs.of(title)).isNotEmpty().allMatch(each -> each.startsWith(beginning));
    }
}
