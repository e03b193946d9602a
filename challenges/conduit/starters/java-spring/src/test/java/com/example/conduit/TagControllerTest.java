package com.example.conduit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

/** An example: start the server on a free port, and ask it as a client would. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class TagControllerTest {

    @Test
    void thereAreNoTagsYet(@LocalServerPort int port) {
        RestTestClient client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
        client.get().uri("/api/tags").exchange()
                .expectStatus().isOk()
                .expectBody().json("{\"tags\": []}");
    }
}
