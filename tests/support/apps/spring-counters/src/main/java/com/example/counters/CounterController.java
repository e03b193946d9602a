package com.example.counters;

import java.util.List;
import java.util.Map;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/counters")
class CounterController {

    record Sent(Name counter) {
    }

    record Name(Object name) {
    }

    private final JdbcClient jdbc;

    CounterController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Counter> make(@RequestBody Sent sent) {
        if (sent.counter() == null || !(sent.counter().name() instanceof String name)) {
            throw new IllegalArgumentException("a name is text");
        }
        return one("INSERT INTO counters (name) VALUES (?) RETURNING name, value", name);
    }

    @GetMapping
    Map<String, List<Counter>> list() {
        return Map.of("counters", jdbc.sql("SELECT name, value FROM counters ORDER BY name")
                .query(Counter.class).list());
    }

    @GetMapping("/{name}")
    Map<String, Counter> get(@PathVariable String name) {
        return one("SELECT name, value FROM counters WHERE name = ?", name);
    }

    @PostMapping("/{name}/up")
    Map<String, Counter> up(@PathVariable String name) {
        return one("UPDATE counters SET value = value + 1 WHERE name = ? RETURNING name, value", name);
    }

    private Map<String, Counter> one(String sql, String name) {
        return Map.of("counter", jdbc.sql(sql).param(name).query(Counter.class).single());
    }

    @ExceptionHandler({ IllegalArgumentException.class, HttpMessageNotReadableException.class,
            DuplicateKeyException.class })
    @ResponseStatus(HttpStatus.UNPROCESSABLE_CONTENT)
    Map<String, String> refused() {
        return Map.of("error", "a name is text, and belongs to one counter");
    }

    @ExceptionHandler(EmptyResultDataAccessException.class)
    @ResponseStatus(HttpStatus.NOT_FOUND)
    Map<String, String> missing() {
        return Map.of("error", "nothing is here");
    }
}
