package com.example.conduit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

/** Asks the server as a person does who may be signed in. */
class Client {

    static final String PASSWORD = "eight888";

    private final RestTestClient http;

    String name;

    String email;

    String token;

    Client(RestTestClient http) {
        this.http = http;
    }

    record Answer(int status, JsonNode body, HttpHeaders headers) {
    }

    Answer ask(HttpMethod method, String path, Object body) {
        RestTestClient.RequestBodySpec request = http.method(method).uri(path);
        if (token != null) {
            request.header(HttpHeaders.AUTHORIZATION, "Token " + token);
        }
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).body(body);
        }
        var result = request.exchange().returnResult(JsonNode.class);
        return new Answer(result.getStatus().value(), result.getResponseBody(), result.getResponseHeaders());
    }

    /** Returns somebody who is signed in under a name of their own. */
    Client person() {
        Client person = new Client(http);
        person.name = "person-" + UUID.randomUUID();
        person.email = person.name + "@x.example";
        Answer answer = person.ask(HttpMethod.POST, "/api/users", Map.of("user",
                Map.of("username", person.name, "email", person.email, "password", PASSWORD)));
        person.token = answer.body().at("/user/token").asString();
        return person;
    }

    /** Publishes an article and returns its slug. */
    String publish(String title, String... tags) {
        Map<String, Object> article = new HashMap<>(Map.of("title", title, "description", "d", "body", "b"));
        article.put("tagList", List.of(tags));
        return ask(HttpMethod.POST, "/api/articles", Map.of("article", article)).body().at("/article/slug").asString();
    }
}
