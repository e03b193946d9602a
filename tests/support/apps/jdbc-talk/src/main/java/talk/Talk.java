package talk;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Uses both JDBC drivers in every way that sends other commands; prints what it got as JSON. */
public class Talk {

    private static final String[] WAYS = {
        "mysql", "",
        "mysql", "&useServerPrepStmts=true&cachePrepStmts=true&rewriteBatchedStatements=true",
        "mysql", "&useServerPrepStmts=true&useCursorFetch=true&defaultFetchSize=2",
        "mysql", "&useLocalSessionState=true&useAffectedRows=true",
        "mariadb", "",
        "mariadb", "&useServerPrepStmts=true",
        "mariadb", "&useServerPrepStmts=true&useBulkStmts=true&cachePrepStmts=false",
    };

    private final List<String> found = new ArrayList<>();
    private final String address;
    private final String login;

    Talk(URI url) {
        String[] parts = url.getUserInfo().split(":");
        address = url.getHost() + ":" + url.getPort() + url.getPath();
        login = "?allowMultiQueries=true&user=" + parts[0] + "&password=" + parts[1];
    }

    public static void main(String[] args) throws SQLException {
        Talk talk = new Talk(URI.create(args[0]));
        for (int each = 0; each < WAYS.length; each += 2) {
            talk.use(WAYS[each], WAYS[each + 1]);
        }
        talk.refuse("mysql", "&sslMode=REQUIRED");
        talk.refuse("mariadb", "&sslMode=trust");
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(talk.found.stream()
            .map(each -> '"' + each.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + '"')
            .collect(Collectors.joining(",", "[", "]")));
    }

    private void use(String driver, String options) throws SQLException {
        found.add(driver + options);
        try (Connection here = open(driver, options); Statement plain = here.createStatement()) {
            plain.execute("DROP TABLE IF EXISTS note");
            plain.execute("CREATE TABLE note (id int PRIMARY KEY AUTO_INCREMENT, text varchar(100) UNIQUE, at datetime(6))");
            here.setAutoCommit(false);
            here.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            write(here, plain);
            here.commit();
            batch(here);
            here.rollback();
            here.setAutoCommit(true);
            for (int n = 0; n < 3; n++) {
                read(here, n);
            }
            several(plain);
            stream(plain);
            fail(plain, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE note");
            found.add("alive: " + here.isValid(2));
            here.setCatalog(here.getCatalog());
            found.add(here.getMetaData().getDatabaseProductVersion());
        }
    }

    private void write(Connection here, Statement plain) throws SQLException {
        String insert = "INSERT INTO note (text, at) VALUES (?, '2026-01-02 03:04:05.678901')";
        try (PreparedStatement into = here.prepareStatement(insert, Statement.RETURN_GENERATED_KEYS)) {
            for (int n = 0; n < 3; n++) {
                into.setString(1, "é" + n);
                found.add("inserted " + into.executeUpdate());
                rows(into.getGeneratedKeys());
            }
            try {
                into.executeUpdate();
            } catch (SQLException error) {
                found.add(error.getErrorCode() + " " + error.getSQLState());
            }
        }
        fail(plain, "SELECT nothing");
        Savepoint before = here.setSavepoint("here");
        found.add("deleted " + plain.executeUpdate("DELETE FROM note"));
        here.rollback(before);
        found.add("updated " + plain.executeUpdate("UPDATE note SET at = at WHERE id < 3"));
        rows(plain.executeQuery("SELECT id, text, at FROM note WHERE id > 1 FOR UPDATE"));
    }

    private void batch(Connection here) throws SQLException {
        try (PreparedStatement into = here.prepareStatement("INSERT INTO note (text) VALUES (?)")) {
            for (int n = 0; n < 5; n++) {
                into.setString(1, "batch " + n);
                into.addBatch();
            }
            found.add("batch " + Arrays.stream(into.executeBatch()).map(each -> Math.abs(each)).sum());
        }
    }

    private void read(Connection here, int least) throws SQLException {
        try (PreparedStatement from = here.prepareStatement("SELECT seq, repeat('x', seq) FROM seq_1_to_9 WHERE seq > ?")) {
            from.setFetchSize(2);
            from.setInt(1, least);
            rows(from.executeQuery());
        }
    }

    private void several(Statement plain) throws SQLException {
        boolean isRows = plain.execute("SELECT 1; UPDATE note SET at = NULL; SELECT count(*), NULL FROM note");
        while (isRows || plain.getUpdateCount() != -1) {
            if (isRows) {
                rows(plain.getResultSet());
            } else {
                found.add("changed " + plain.getUpdateCount());
            }
            isRows = plain.getMoreResults();
        }
    }

    private void stream(Statement plain) throws SQLException {
        plain.setFetchSize(plain.getClass().getName().startsWith("com.mysql") ? Integer.MIN_VALUE : 1);
        try (ResultSet rows = plain.executeQuery("SELECT repeat('y', 100000) FROM seq_1_to_3")) {
            while (rows.next()) {
                found.add("long " + rows.getString(1).length());
            }
        }
        plain.setFetchSize(0);
    }

    private void rows(ResultSet rows) throws SQLException {
        try (rows) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int each = 1; each <= columns; each++) {
                    row.add(String.valueOf(rows.getString(each)));
                }
                found.add(String.join(" | ", row));
            }
        }
    }

    private void fail(Statement plain, String statement) {
        try {
            plain.execute(statement);
            found.add("done: " + statement);
        } catch (SQLException error) {
            found.add(error.getErrorCode() + " " + error.getSQLState());
        }
    }

    private void refuse(String driver, String options) {
        try (Connection here = open(driver, options)) {
            found.add("connected with TLS");
        } catch (SQLException error) {
            found.add(error.getSQLState() + " " + error.getMessage().replaceAll("\\d+", "N"));
        }
    }

    private Connection open(String driver, String options) throws SQLException {
        return DriverManager.getConnection("jdbc:" + driver + "://" + address + login + options);
    }
}
