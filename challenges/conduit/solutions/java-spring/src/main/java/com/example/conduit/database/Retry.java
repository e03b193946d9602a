package com.example.conduit.database;

import java.lang.reflect.Method;
import java.net.SocketTimeoutException;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.resilience.retry.MethodRetryPredicate;
import org.springframework.transaction.annotation.Transactional;

/**
 * Which calls of a service are made once more: those that PostgreSQL undid in favour of somebody
 * else's, and reads whose connection broke on the way.
 */
public class Retry implements MethodRetryPredicate {

    @Override
    public boolean shouldRetry(Method method, Throwable error) {
        return error instanceof ConcurrencyFailureException || (isRead(method) && isLost(error));
    }

    /** What only reads needs no transaction of its own: each is a single statement. */
    private static boolean isRead(Method method) {
        return !method.isAnnotationPresent(Transactional.class);
    }

    /** A database that has fallen silent is not asked again: nobody would wait for that. */
    private static boolean isLost(Throwable error) {
        return error instanceof DataAccessResourceFailureException
                && !(error instanceof CannotGetJdbcConnectionException)
                && !(NestedExceptionUtils.getMostSpecificCause(error) instanceof SocketTimeoutException);
    }
}
