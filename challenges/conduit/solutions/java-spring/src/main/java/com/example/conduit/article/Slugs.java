package com.example.conduit.article;

import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes slugs of titles (R2, R9). */
final class Slugs {

    private static final int MAX_CHARACTERS = 80;

    private static final int RANDOM_ATTEMPTS = 8;

    private static final String WITHOUT_LETTERS = "article";

    /** The addresses below /articles that are not articles. */
    private static final Set<String> RESERVED = Set.of("feed");

    private static final Pattern NO_ASCII = Pattern.compile("[^\\p{ASCII}]+");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

    private static final SecureRandom RANDOM = new SecureRandom();

    private Slugs() {
    }

    /** Returns slugs to try in turn, until the database takes one: the plain one, then random ones. */
    static Stream<String> of(String title) {
        String plain = plain(title);
        String stem = plain.isEmpty() ? WITHOUT_LETTERS : plain;
        Stream<String> random = Stream.generate(() -> stem + "-" + suffix()).limit(RANDOM_ATTEMPTS);
        return plain.isEmpty() || RESERVED.contains(plain) ? random : Stream.concat(Stream.of(plain), random);
    }

    /** Returns lower-case ASCII letters, digits and single hyphens; empty if nothing is left. */
    static String plain(String title) {
        String ascii = NO_ASCII.matcher(Normalizer.normalize(title, Normalizer.Form.NFKD)).replaceAll("");
        String slug = trim(BETWEEN_WORDS.matcher(ascii.toLowerCase(Locale.ROOT)).replaceAll("-"));
        return slug.length() > MAX_CHARACTERS ? trim(slug.substring(0, MAX_CHARACTERS)) : slug;
    }

    private static String trim(String slug) {
        int start = slug.startsWith("-") ? 1 : 0;
        int end = slug.endsWith("-") ? slug.length() - 1 : slug.length();
        return start < end ? slug.substring(start, end) : "";
    }

    private static String suffix() {
        byte[] bytes = new byte[4];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
