package com.example.conduit.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;

import org.junit.jupiter.api.Test;

class TokensTest {

    private final Tokens tokens = new Tokens("k".repeat(32));

    private final String token = tokens.issue(new Tokens.Claims(7, 2));

    @Test
    void readsWhatItIssued() {
        assertThat(tokens.read(token)).contains(new Tokens.Claims(7, 2));
    }

    @Test
    void refusesTheTokensOfAnotherKey() {
        assertThat(new Tokens("x".repeat(32)).read(token)).isEmpty();
    }

    @Test
    void refusesAnUnsignedToken() {
        String header = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
        assertThat(tokens.read(header + "." + token.split("\\.")[1] + ".")).isEmpty();
    }

    @Test
    void refusesWhatIsNoToken() {
        assertThat(tokens.read("")).isEmpty();
        assertThat(tokens.read("a.b.c")).isEmpty();
        assertThat(tokens.read("x".repeat(9000))).isEmpty();
    }

    @Test
    void wantsALongKey() {
        assertThatThrownBy(() -> new Tokens("short")).hasMessageContaining("at least 32 bytes");
    }
}
