package com.example.conduit.account;

import java.util.Locale;
import java.util.Optional;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Keeps accounts. That names are unique is the database's word (A2, M1). */
@Repository
class AccountRepository {

    /** What a login is compared with. */
    record Credentials(Account account, String passwordHash) {
    }

    private static final String COLUMNS = "id, username, email, bio, image, token_version";

    private static final RowMapper<Account> ACCOUNT = (row, number) -> new Account(row.getLong("id"),
            row.getString("username"), row.getString("email"), row.getString("bio"), row.getString("image"),
            row.getInt("token_version"));

    private final JdbcClient jdbc;

    AccountRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What two spellings of one address have in common (A5). */
    private static String emailKey(String email) {
        return email == null ? null : email.strip().toLowerCase(Locale.ROOT);
    }

    Account add(String username, String email, String passwordHash) {
        var key = new GeneratedKeyHolder();
        jdbc.sql("""
                INSERT INTO users (username, email, email_key, password_hash)
                VALUES (:username, :email, :emailKey, :passwordHash)""")
                .param("username", username)
                .param("email", email)
                .param("emailKey", emailKey(email))
                .param("passwordHash", passwordHash)
                .update(key);
        return new Account(key.getKeyAs(Number.class).longValue(), username, email, null, null, 1);
    }

    Optional<Account> find(long id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM users WHERE id = :id").param("id", id)
                .query(ACCOUNT).optional();
    }

    Optional<Credentials> findByEmail(String email) {
        return jdbc.sql("SELECT " + COLUMNS + ", password_hash FROM users WHERE email_key = :emailKey")
                .param("emailKey", emailKey(email))
                .query((row, number) -> new Credentials(ACCOUNT.mapRow(row, number),
                        row.getString("password_hash")))
                .optional();
    }

    /**
     * Changes an account; empty if it is gone. A new password ends the tokens from before (S10).
     * What it has become is read in the same transaction: nobody changes it in between.
     */
    @Transactional
    public Optional<Account> update(long id, AccountChange change) {
        jdbc.sql("""
                UPDATE users SET
                    username = COALESCE(:username, username),
                    email = COALESCE(:email, email),
                    email_key = COALESCE(:emailKey, email_key),
                    password_hash = COALESCE(:passwordHash, password_hash),
                    token_version = token_version + CASE WHEN :passwordHash IS NULL THEN 0 ELSE 1 END,
                    bio = CASE WHEN :setBio THEN :bio ELSE bio END,
                    image = CASE WHEN :setImage THEN :image ELSE image END
                WHERE id = :id""")
                .param("username", change.username())
                .param("email", change.email())
                .param("emailKey", emailKey(change.email()))
                .param("passwordHash", change.passwordHash())
                .param("setBio", change.bio() != null)
                .param("bio", change.bio() == null ? null : change.bio().orElse(null))
                .param("setImage", change.image() != null)
                .param("image", change.image() == null ? null : change.image().orElse(null))
                .param("id", id)
                .update();
        return find(id);
    }
}
