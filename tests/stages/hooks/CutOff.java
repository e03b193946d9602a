package cutoff;

import java.io.IOException;
import java.util.Arrays;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Answers 404 or 405 to the operations in $CUT_OFF, in any server of Spring. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class CutOff extends OncePerRequestFilter {

    private final String[][] operations;

    private final String[] known;

    CutOff(JsonMapper mapper) {
        this.operations = mapper.readValue(System.getenv("CUT_OFF"), String[][].class);
        this.known = mapper.readValue(System.getenv("CUT_OFF_KNOWN"), String[].class);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        String path = request.getRequestURI();
        if (Arrays.stream(operations).noneMatch(each -> each[0].equals(method) && path.matches(each[1]))) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(Arrays.stream(known).anyMatch(path::matches) ? 405 : 404);
        response.setContentType("application/json");
        response.getWriter().write("{\"errors\": {\"path\": [\"not found\"]}}");
    }
}
