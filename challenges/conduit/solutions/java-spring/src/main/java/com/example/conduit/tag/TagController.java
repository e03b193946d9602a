package com.example.conduit.tag;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TagController {

    record TagsResponse(List<String> tags) {
    }

    private final TagRepository tags;

    TagController(TagRepository tags) {
        this.tags = tags;
    }

    @GetMapping("/api/tags")
    TagsResponse list() {
        return new TagsResponse(tags.inUse());
    }
}
