package com.example.conduit.web;

import com.example.conduit.account.Account;

/** The one who asks: an account, or null for a stranger. */
public record Viewer(Account account) {

    /** Returns the id of the account, or null for a stranger. */
    public Long id() {
        return account == null ? null : account.id();
    }
}
