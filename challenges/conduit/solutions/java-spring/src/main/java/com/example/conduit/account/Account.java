package com.example.conduit.account;

/** An account as the rest of the server knows it. */
public record Account(long id, String username, String email, String bio, String image, int tokenVersion) {
}
