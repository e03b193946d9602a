package com.example.conduit.web;

import java.util.List;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private final FormResolver forms;

    private final ViewerResolver viewers;

    private final PageResolver pages;

    WebConfiguration(FormResolver forms, ViewerResolver viewers, PageResolver pages) {
        this.forms = forms;
        this.viewers = viewers;
        this.pages = pages;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.addAll(List.of(forms, viewers, pages));
    }
}
