package com.example.conduit.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Hashes and compares passwords, at most as many at a time as there are processors: the others wait
 * in line, so that a rush of sign-ins leaves something for everybody else (W3).
 */
@Component
public class Passwords {

    private final PasswordEncoder bcrypt = new BCryptPasswordEncoder(10);

    private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    /** What a password of an account that does not exist is compared with (S7). */
    private final String nobody = bcrypt.encode("nobody");

    /** Returns a salted hash of the password. */
    public String hash(String password) {
        return inLine(() -> bcrypt.encode(digest(password)));
    }

    /** Compares; without a hash, it takes just as long and is never right. */
    public boolean matches(String password, String hash) {
        boolean right = inLine(() -> bcrypt.matches(digest(password), hash == null ? nobody : hash));
        return right && hash != null;
    }

    private <T> T inLine(Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    /** bcrypt knows 72 bytes; all of a password counts (A3). */
    private static String digest(String password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-384").digest(password.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }
}
