package com.example.conduit.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void allOfAPasswordCounts() {
        String hash = passwords.hash("ä".repeat(64));
        assertThat(passwords.matches("ä".repeat(64), hash)).isTrue();
        assertThat(passwords.matches("ä".repeat(63) + "b", hash)).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        assertThat(passwords.hash("eight888")).isNotEqualTo(passwords.hash("eight888"));
    }

    @Test
    void withoutAHashNoPasswordIsRight() {
        assertThat(passwords.matches("nobody", null)).isFalse();
    }
}
