package com.example.conduit.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body {@code {"<name>": {...}}} for a parameter with {@link JsonBody}. */
@Component
class FormResolver implements HandlerMethodArgumentResolver {

    private final ObjectReader reader;

    FormResolver(JsonMapper mapper) {
        this.reader = mapper.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(JsonBody.class);
    }

    @Override
    public Form resolveArgument(MethodParameter parameter, ModelAndViewContainer container,
            NativeWebRequest webRequest, WebDataBinderFactory binderFactory) throws IOException {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        requireJson(request);
        String name = parameter.getParameterAnnotation(JsonBody.class).value();
        JsonNode body = parse(request);
        if (!body.isObject()) {
            throw Refusal.invalid("body", "must be an object");
        }
        if (!body.path(name).isObject()) {
            throw Refusal.invalid(name, "must be an object");
        }
        return new Form(body.get(name));
    }

    private JsonNode parse(HttpServletRequest request) throws IOException {
        byte[] bytes;
        try {
            bytes = request.getInputStream().readAllBytes();
        } catch (IOException error) { // the client has left, or never sent what it announced
            throw Refusal.invalid("body", "ended too early");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            JsonNode body = reader.readTree(text);
            return body;
        } catch (CharacterCodingException error) {
            throw Refusal.invalid("body", "is not UTF-8 text");
        } catch (JacksonException error) {
            throw Refusal.invalid("body", "is not valid JSON");
        }
    }

    /** Refuses other formats. A body that does not say what it is, is taken for JSON. */
    private static void requireJson(HttpServletRequest request) {
        String stated = request.getContentType();
        if (stated != null && !isJson(stated)) {
            throw new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-type",
                    "must be application/json in UTF-8");
        }
        String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-encoding", "must be identity");
        }
    }

    private static boolean isJson(String stated) {
        try {
            MediaType type = MediaType.parseMediaType(stated);
            boolean json = MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                    || "json".equals(type.getSubtypeSuffix());
            return json && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException error) {
            return false;
        }
    }
}
