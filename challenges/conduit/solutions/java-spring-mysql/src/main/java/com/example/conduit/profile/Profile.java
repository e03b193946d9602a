package com.example.conduit.profile;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A person as the one who asks sees them. */
public record Profile(String username, String bio, String image, boolean following) {

    /**
     * The profile's columns in a query in which the person is u, and :viewer the id of the one who
     * asks, or NULL.
     */
    public static final String COLUMNS = """
            u.username, u.bio, u.image,
            EXISTS (
                SELECT 1 FROM follows WHERE follower_id = :viewer AND followed_id = u.id
            ) AS following""";

    public static Profile of(ResultSet row) throws SQLException {
        return new Profile(row.getString("username"), row.getString("bio"), row.getString("image"),
                row.getBoolean("following"));
    }
}
