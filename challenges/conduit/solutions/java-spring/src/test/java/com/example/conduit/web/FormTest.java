package com.example.conduit.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FormTest {

    private static Form form(String json) {
        return new Form(JsonMapper.shared().readTree(json));
    }

    @Test
    void tellsNullFromAbsent() {
        Form form = form("{\"bio\": null, \"image\": \"i\"}");
        assertThat(form.clearableText("bio")).isEmpty();
        assertThat(form.clearableText("image")).isEqualTo(Optional.of("i"));
        assertThat(form.clearableText("username")).isNull();
        form.check();
    }

    @Test
    void saysAllThatIsWrong() {
        Form form = form("{\"username\": \" \", \"email\": 5}");
        form.text("username", Form::filled);
        form.text("email");
        form.text("password");
        assertThatThrownBy(form::check).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.errors()).containsOnlyKeys("username", "email", "password");
            assertThat(refusal.errors().get("password")).containsExactly("is required");
        });
    }

    @Test
    void keepsEachTextOfAListOnceAndInOrder() {
        assertThat(form("{\"tags\": [\"b\", \"a\", \"b\"]}").texts("tags", 5)).isEqualTo(List.of("b", "a"));
    }

    @Test
    void countsCharactersAndNotHalvesOfAPair() {
        assertThat(Form.atMost(2).problem("🦀🦀")).isNull();
        assertThat(Form.atLeast(2).problem("🦀")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "\\u0000", "\\ud83e", "a\\udd80", "\\udd80\\ud83e" })
    void refusesWhatTheDatabaseCannotStore(String text) {
        Form form = form("{\"bio\": \"" + text + "\"}");
        form.text("bio");
        assertThatThrownBy(form::check).isInstanceOf(Refusal.class);
    }
}
