package com.example.conduit.database;

import java.lang.reflect.Method;
import java.net.SocketTimeoutException;
import java.sql.SQLException;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.resilience.retry.MethodRetryPredicate;
import org.springframework.transaction.annotation.Transactional;

/**
 * Which calls of a service are made once more: those that MySQL undid in favour of somebody
 * else's, and reads whose connection broke on the way. Whoever waited for a lock for too long is not
 * called again: it would wait as long once more.
 */
public class Retry implements MethodRetryPredicate {

    private static final int LOCK_WAIT_TIMEOUT = 1205;

    @Override
    public boolean shouldRetry(Method method, Throwable error) {
        return isUndone(error) || (isRead(method) && isLost(error));
    }

    private static boolean isUndone(Throwable error) {
        boolean waited = NestedExceptionUtils.getMostSpecificCause(error) instanceof SQLException cause
                && cause.getErrorCode() == LOCK_WAIT_TIMEOUT;
        return error instanceof ConcurrencyFailureException && !waited;
    }

    /** What only reads needs no transaction of its own: each is a single statement. */
    private static boolean isRead(Method method) {
        return !method.isAnnotationPresent(Transactional.class);
    }

    /** A database that has fallen silent is not asked again: nobody would wait for that. */
    private static boolean isLost(Throwable error) {
        return (error instanceof DataAccessResourceFailureException || error instanceof RecoverableDataAccessException)
                && !(error instanceof CannotGetJdbcConnectionException)
                && !(NestedExceptionUtils.getMostSpecificCause(error) instanceof SocketTimeoutException);
    }
}
