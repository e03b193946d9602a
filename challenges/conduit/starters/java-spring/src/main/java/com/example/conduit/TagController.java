package com.example.conduit;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TagController {

    record TagsResponse(List<String> tags) {
    }

    private final JdbcClient jdbc;

    TagController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @GetMapping("/api/tags")
    TagsResponse list() {
        return new TagsResponse(jdbc.sql("SELECT name FROM tags ORDER BY name").query(String.class).list());
    }
}
