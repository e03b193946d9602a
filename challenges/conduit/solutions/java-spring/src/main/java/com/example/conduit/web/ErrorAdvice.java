package com.example.conduit.web;

import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns every way in which a request can fail into an answer, and logs what is our own fault. */
@RestControllerAdvice
class ErrorAdvice {

    record Errors(Map<String, List<String>> errors) {
    }

    private static final Logger log = LoggerFactory.getLogger(ErrorAdvice.class);

    @ExceptionHandler
    ResponseEntity<Errors> refused(Refusal refusal) {
        HttpHeaders headers = new HttpHeaders();
        if (refusal.status() == HttpStatus.UNAUTHORIZED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Token");
        }
        return answer(refusal.status(), headers, refusal.errors());
    }

    /** The database could not be asked, or did not answer. */
    @ExceptionHandler({ NonTransientDataAccessResourceException.class, TransientDataAccessException.class,
            RecoverableDataAccessException.class, QueryTimeoutException.class, TransactionException.class })
    ResponseEntity<Errors> unavailable(Exception error, HttpServletRequest request) {
        log.warn("answered 503 to {} {}: {}", request.getMethod(), request.getRequestURI(), error.toString());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return answer(HttpStatus.SERVICE_UNAVAILABLE, headers,
                Map.of("server", List.of("is not available, please try again")));
    }

    @ExceptionHandler
    void clientIsGone(AsyncRequestNotUsableException error) {
        log.debug("nobody waits for the answer any longer", error);
    }

    /** Tomcat could not read the query: it is not UTF-8 text. */
    @ExceptionHandler
    ResponseEntity<Errors> unreadable(InvalidParameterException error) {
        return answer(HttpStatus.UNPROCESSABLE_CONTENT, new HttpHeaders(),
                Map.of("query", List.of("is not UTF-8 text")));
    }

    /** What Spring itself refuses, such as an unknown path or method; the rest is our mistake. */
    @ExceptionHandler
    ResponseEntity<Errors> other(Exception error, HttpServletRequest request) {
        if (error instanceof ErrorResponse refused && refused.getStatusCode().is4xxClientError()) {
            return answer(refused.getStatusCode(), refused.getHeaders(), reason(refused.getStatusCode()));
        }
        log.error("answered 500 to {} {}", request.getMethod(), request.getRequestURI(), error);
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, new HttpHeaders(),
                Map.of("server", List.of("made a mistake")));
    }

    private static Map<String, List<String>> reason(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> Map.of("path", List.of("does not exist"));
            case 405 -> Map.of("method", List.of("is not allowed here"));
            default -> Map.of("request", List.of("makes no sense"));
        };
    }

    private static ResponseEntity<Errors> answer(HttpStatusCode status, HttpHeaders headers,
            Map<String, List<String>> errors) {
        return ResponseEntity.status(status).headers(headers).contentType(MediaType.APPLICATION_JSON)
                .body(new Errors(errors));
    }
}
