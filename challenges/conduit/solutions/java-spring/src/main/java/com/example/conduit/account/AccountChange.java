package com.example.conduit.account;

import java.util.Optional;

/**
 * What to set; null leaves a field as it is. {@code bio} and {@code image} may be cleared, by an
 * empty Optional.
 */
record AccountChange(String username, String email, String passwordHash, Optional<String> bio,
        Optional<String> image) {

    boolean isEmpty() {
        return username == null && email == null && passwordHash == null && bio == null && image == null;
    }
}
