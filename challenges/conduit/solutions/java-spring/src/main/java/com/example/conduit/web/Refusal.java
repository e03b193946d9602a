package com.example.conduit.web;

import java.util.List;
import java.util.Map;

import org.springframework.http.HttpStatus;

/** Says why a request is not granted: a status, and what is wrong by field or topic. */
public class Refusal extends RuntimeException {

    private final HttpStatus status;

    private final Map<String, List<String>> errors;

    public Refusal(HttpStatus status, Map<String, List<String>> errors) {
        super(errors.toString(), null, false, false);
        this.status = status;
        this.errors = errors;
    }

    public Refusal(HttpStatus status, String topic, String message) {
        this(status, Map.of(topic, List.of(message)));
    }

    public static Refusal invalid(String topic, String message) {
        return new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, topic, message);
    }

    public static Refusal taken(String field) {
        return invalid(field, "has already been taken");
    }

    public static Refusal missing(String thing) {
        return new Refusal(HttpStatus.NOT_FOUND, thing, "does not exist");
    }

    public static Refusal foreign(String thing) {
        return new Refusal(HttpStatus.FORBIDDEN, thing, "belongs to someone else");
    }

    public static Refusal unknownAsker() {
        return new Refusal(HttpStatus.UNAUTHORIZED, "token", "is missing or not valid, please sign in");
    }

    public HttpStatus status() {
        return status;
    }

    public Map<String, List<String>> errors() {
        return errors;
    }
}
