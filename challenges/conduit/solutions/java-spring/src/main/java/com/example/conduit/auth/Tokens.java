package com.example.conduit.auth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/** Issues and reads JSON Web Tokens, signed with HMAC-SHA256. */
@Component
public class Tokens {

    /** Whose token it is, and which of the account's passwords it goes with. */
    public record Claims(long accountId, int version) {
    }

    private static final Duration LIFETIME = Duration.ofDays(7);

    private static final int MAX_LENGTH = 1024;

    /** RFC 7518, section 3.2. */
    private static final int MIN_SECRET_BYTES = 32;

    private static final String VERSION = "ver";

    private final JwtEncoder encoder;

    private final NimbusJwtDecoder decoder;

    public Tokens(@Value("${conduit.jwt-secret}") String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("JWT_SECRET is too short: give at least 32 bytes");
        }
        SecretKey key = new SecretKeySpec(bytes, "HmacSHA256");
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
        this.decoder = NimbusJwtDecoder.withSecretKey(key).macAlgorithm(MacAlgorithm.HS256).build();
        this.decoder.setJwtValidator(new JwtTimestampValidator(Duration.ZERO));
    }

    /** Returns a token for seven days. */
    public String issue(Claims claims) {
        JwtClaimsSet set = JwtClaimsSet.builder()
                .subject(Long.toString(claims.accountId()))
                .claim(VERSION, claims.version())
                .expiresAt(Instant.now().plus(LIFETIME))
                .build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        return encoder.encode(JwtEncoderParameters.from(header, set)).getTokenValue();
    }

    /** Returns what a token says; empty if it is not ours, altered or expired. */
    public Optional<Claims> read(String token) {
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            Jwt jwt = decoder.decode(token);
            if (jwt.getExpiresAt() == null || !(jwt.getClaim(VERSION) instanceof Number version)) {
                return Optional.empty();
            }
            return Optional.of(new Claims(Long.parseLong(jwt.getSubject()), version.intValue()));
        } catch (JwtException | IllegalArgumentException error) {
            return Optional.empty();
        }
    }
}
