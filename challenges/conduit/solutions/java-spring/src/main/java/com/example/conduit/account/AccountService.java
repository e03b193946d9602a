package com.example.conduit.account;

import java.util.Optional;

import com.example.conduit.auth.Passwords;
import com.example.conduit.database.Retry;
import com.example.conduit.web.Refusal;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;

/** Register, sign in, see and change an account (A1 to A11). No password is hashed in a transaction. */
@Service
@Retryable(predicate = Retry.class, maxRetries = 4, delay = 20, jitter = 20)
public class AccountService {

    private final AccountRepository accounts;

    private final Passwords passwords;

    AccountService(AccountRepository accounts, Passwords passwords) {
        this.accounts = accounts;
        this.passwords = passwords;
    }

    public Account register(String username, String email, String password) {
        String hash = passwords.hash(password);
        try {
            return accounts.add(username, email, hash);
        } catch (DuplicateKeyException error) {
            throw taken(error);
        }
    }

    /** The refusal is the same whether the address or the password is wrong (A4). */
    public Account login(String email, String password) {
        Optional<AccountRepository.Credentials> found = accounts.findByEmail(email);
        String hash = found.map(AccountRepository.Credentials::passwordHash).orElse(null);
        if (!passwords.matches(password, hash)) {
            throw new Refusal(HttpStatus.UNAUTHORIZED, "email or password", "is not right");
        }
        return found.get().account();
    }

    public Optional<Account> find(long id) {
        return accounts.find(id);
    }

    Account update(Account me, AccountChange change) {
        if (change.isEmpty()) {
            return me;
        }
        try {
            return accounts.update(me.id(), change).orElseThrow(Refusal::unknownAsker);
        } catch (DuplicateKeyException error) {
            throw taken(error);
        }
    }

    private static Refusal taken(DuplicateKeyException error) {
        String constraint = String.valueOf(error.getMessage());
        return Refusal.taken(constraint.contains("users_email_taken") ? "email" : "username");
    }
}
