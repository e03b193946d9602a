package com.example.conduit.web;

import java.math.BigInteger;
import java.util.regex.Pattern;

import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads limit and offset from the query (L3, L5, W2). */
@Component
class PageResolver implements HandlerMethodArgumentResolver {

    private static final int USUAL = 20;

    private static final int MOST = 100;

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,400}");

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Page.class;
    }

    @Override
    public Page resolveArgument(MethodParameter parameter, ModelAndViewContainer container,
            NativeWebRequest request, WebDataBinderFactory binderFactory) {
        long limit = number("limit", request.getParameter("limit"), 1, USUAL);
        long offset = number("offset", request.getParameter("offset"), 0, 0);
        return new Page(Math.min(limit, MOST), offset);
    }

    /** What is too big for the machine is as big as the machine can. */
    private static long number(String name, String text, long least, long usual) {
        if (text == null) {
            return usual;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw Refusal.invalid(name, "must be a whole number");
        }
        BigInteger number = new BigInteger(text);
        if (number.compareTo(BigInteger.valueOf(least)) < 0) {
            throw Refusal.invalid(name, "must be at least " + least);
        }
        return number.min(LARGEST).longValueExact();
    }
}
