package com.example.conduit.web;

/** A part of a list. */
public record Page(long limit, long offset) {
}
