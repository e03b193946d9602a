package com.example.conduit.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * The object in the body of a request, read field by field. It tells null from absent, takes no
 * number for a text, and gathers what is wrong with each field; {@link #check} says it all.
 */
public class Form {

    /** Says what is wrong with a text, or null. */
    @FunctionalInterface
    public interface Rule {

        String problem(String text);
    }

    private final JsonNode fields;

    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    public Form(JsonNode fields) {
        this.fields = fields;
    }

    /** Refuses the request if anything was wrong. */
    public void check() {
        if (!errors.isEmpty()) {
            throw new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, errors);
        }
    }

    public boolean has(String name) {
        return fields.has(name);
    }

    /** Reads a field that must be there. */
    public String text(String name, Rule... rules) {
        if (!has(name)) {
            refuse(name, "is required");
            return "";
        }
        return read(name, fields.get(name), rules);
    }

    /** Reads a field that may be left out; null if it is. */
    public String optionalText(String name, Rule... rules) {
        return has(name) ? read(name, fields.get(name), rules) : null;
    }

    /** Reads a field that may be left out (null) or cleared (empty). */
    public Optional<String> clearableText(String name) {
        if (!has(name)) {
            return null;
        }
        return fields.get(name).isNull() ? Optional.empty() : Optional.of(read(name, fields.get(name)));
    }

    /** Reads a list of texts, each once and in their order; null if it is left out. */
    public List<String> texts(String name, int most, Rule... rules) {
        if (!has(name)) {
            return null;
        }
        JsonNode list = fields.get(name);
        if (!list.isArray()) {
            refuse(name, "must be a list");
            return List.of();
        }
        if (list.size() > most) {
            refuse(name, "must have at most " + most + " entries");
            return List.of();
        }
        LinkedHashSet<String> texts = new LinkedHashSet<>();
        list.forEach(each -> texts.add(read(name, each, rules)));
        return List.copyOf(texts);
    }

    private String read(String name, JsonNode node, Rule... rules) {
        if (!node.isString()) {
            refuse(name, "must be text");
            return "";
        }
        String text = node.stringValue();
        if (text.indexOf('\0') >= 0) {
            refuse(name, "must not contain NUL characters");
            return "";
        }
        if (text.codePoints().anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE)) {
            refuse(name, "must not contain half a surrogate pair");
            return "";
        }
        for (Rule rule : rules) {
            String problem = rule.problem(text);
            if (problem != null) {
                refuse(name, problem);
                break;
            }
        }
        return text;
    }

    private void refuse(String name, String problem) {
        errors.computeIfAbsent(name, any -> new ArrayList<>()).add(problem);
    }

    public static String filled(String text) {
        return text.isBlank() ? "must not be blank" : null;
    }

    /** Counts characters, as {@link #atLeast} does, and neither bytes nor halves of a pair. */
    public static Rule atMost(int most) {
        return text -> text.codePointCount(0, text.length()) > most
                ? "must have at most " + most + " characters" : null;
    }

    public static Rule atLeast(int least) {
        return text -> text.codePointCount(0, text.length()) < least
                ? "must have at least " + least + " characters" : null;
    }
}
