package com.example.counters;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterTest {

    @Test
    void goesUpByOne() {
        assertThat(new Counter("x", 1).up().value()).isEqualTo(2);
    }

    @Test
    void fails() {
        assertThat(new Counter("x", 1).up().value()).isEqualTo(3);
    }

    @Test
    @Disabled("not decided")
    void later() {
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 7 })
    void keepsItsName(int value) {
        assertThat(new Counter("x", value).up().name()).isEqualTo("x");
    }
}
