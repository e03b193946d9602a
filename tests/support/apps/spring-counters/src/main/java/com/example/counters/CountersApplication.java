package com.example.counters;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class CountersApplication {

    public static void main(String[] args) {
        SpringApplication.run(CountersApplication.class, args);
    }
}
