package com.example.counters;

/** A number with a name. */
public record Counter(String name, int value) {

    Counter up() {
        return new Counter(name, value + 1);
    }
}
