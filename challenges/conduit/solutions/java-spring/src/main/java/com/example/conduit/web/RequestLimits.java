package com.example.conduit.web;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses a body that says it is too large at once, and counts the others (S8); refuses NUL in a
 * query, which PostgreSQL cannot store.
 */
@Component
class RequestLimits extends OncePerRequestFilter {

    static final int MAX_BODY_BYTES = 1 << 20;

    private final HandlerExceptionResolver errors;

    RequestLimits(HandlerExceptionResolver handlerExceptionResolver) {
        this.errors = handlerExceptionResolver;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String query = request.getQueryString();
        if (request.getContentLengthLong() > MAX_BODY_BYTES) {
            response.setHeader("Connection", "close");
            errors.resolveException(request, response, null, tooLarge());
        } else if (query != null && query.contains("%00")) {
            errors.resolveException(request, response, null,
                    Refusal.invalid("query", "must not contain NUL characters"));
        } else {
            chain.doFilter(new LimitedRequest(request), response);
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(HttpStatus.CONTENT_TOO_LARGE, "body",
                "is larger than " + MAX_BODY_BYTES + " bytes");
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        LimitedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream());
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream stream;

        private long count;

        LimitedStream(ServletInputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            int found = stream.read();
            count(found < 0 ? 0 : 1);
            return found;
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            int found = stream.read(bytes, start, length);
            count(Math.max(found, 0));
            return found;
        }

        private void count(int more) {
            count += more;
            if (count > MAX_BODY_BYTES) {
                throw tooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
