package com.example.conduit.profile;

import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class ProfileRepository {

    record Person(long id, Profile profile) {
    }

    private final JdbcClient jdbc;

    ProfileRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Person> find(String username, Long viewer) {
        return jdbc.sql("SELECT u.id, " + Profile.COLUMNS + " FROM users u WHERE u.username = :username")
                .param("username", username)
                .param("viewer", viewer)
                .query((row, number) -> new Person(row.getLong("id"), Profile.of(row)))
                .optional();
    }

    /** Not by INSERT IGNORE, which ignores whatever is wrong. */
    void follow(long follower, long followed) {
        jdbc.sql("""
                INSERT INTO follows (follower_id, followed_id) VALUES (:follower, :followed)
                ON DUPLICATE KEY UPDATE followed_id = followed_id""")
                .param("follower", follower).param("followed", followed).update();
    }

    void unfollow(long follower, long followed) {
        jdbc.sql("DELETE FROM follows WHERE follower_id = :follower AND followed_id = :followed")
                .param("follower", follower).param("followed", followed).update();
    }
}
