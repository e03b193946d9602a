package com.example.conduit.web;

import com.example.conduit.account.Account;
import com.example.conduit.account.AccountService;
import com.example.conduit.auth.Tokens;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Tells a controller who asks: as a {@link Viewer}, who may be a stranger, or as an
 * {@link Account}, where strangers are refused. A token that is not good is refused either way (S2).
 */
@Component
class ViewerResolver implements HandlerMethodArgumentResolver {

    private static final String SCHEME = "Token ";

    private final Tokens tokens;

    private final AccountService accounts;

    ViewerResolver(Tokens tokens, AccountService accounts) {
        this.tokens = tokens;
        this.accounts = accounts;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Viewer.class || parameter.getParameterType() == Account.class;
    }

    @Override
    public Object resolveArgument(MethodParameter parameter, ModelAndViewContainer container,
            NativeWebRequest request, WebDataBinderFactory binderFactory) {
        Account account = account(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (parameter.getParameterType() == Viewer.class) {
            return new Viewer(account);
        }
        if (account == null) {
            throw Refusal.unknownAsker();
        }
        return account;
    }

    private Account account(String header) {
        if (header == null) {
            return null;
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Refusal.unknownAsker();
        }
        Tokens.Claims claims = tokens.read(header.substring(SCHEME.length()).strip())
                .orElseThrow(Refusal::unknownAsker);
        return accounts.find(claims.accountId())
                .filter(found -> found.tokenVersion() == claims.version())
                .orElseThrow(Refusal::unknownAsker);
    }
}
