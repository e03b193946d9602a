// Package postgres is the way to the database: a pool, and three ways to work through it.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	maxConns       = 10
	connectTimeout = 3 * time.Second
	acquireTimeout = 4 * time.Second
	// PostgreSQL ends a slow statement first; a server that has fallen silent cannot even do that.
	statementTimeout = "4s"
	workTimeout      = 5 * time.Second
	idleTransaction  = "15s"
	attempts         = 5
)

// Conn is what a function that speaks SQL needs: a connection, or a transaction on one.
type Conn interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Work is a function that speaks SQL. It may be called again when PostgreSQL undid it.
type Work func(ctx context.Context, conn Conn) error

// Pool runs work on pooled connections, each within a time limit.
type Pool struct {
	pool *pgxpool.Pool
}

// Open returns a pool; it connects when there is work.
func Open(ctx context.Context, url string) (*Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = maxConns
	config.ConnConfig.ConnectTimeout = connectTimeout
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.ConnConfig.RuntimeParams["statement_timeout"] = statementTimeout
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = idleTransaction
	// Looking at the socket costs no round trip, and is done before each use.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	config.PrepareConn = func(_ context.Context, conn *pgx.Conn) (bool, error) {
		return isAlive(conn.PgConn().Conn()), nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &Pool{pool: pool}, nil
}

// Close waits for the connections in use and closes all.
func (p *Pool) Close() {
	p.pool.Close()
}

// Read runs work that only reads: once more if the connection breaks on the way. It ends early
// when ctx does, that is when nobody waits for the answer any longer.
func (p *Pool) Read(ctx context.Context, work Work) error {
	err := p.insist(ctx, plainly(work))
	var unavailable *UnavailableError
	if errors.As(err, &unavailable) && unavailable.lost {
		return p.insist(ctx, plainly(work))
	}
	return err
}

// Write runs work whose statements each stand for themselves.
//
// What has begun is finished, also if the client leaves: a cancelled statement costs a connection.
func (p *Pool) Write(ctx context.Context, work Work) error {
	return p.insist(context.WithoutCancel(ctx), plainly(work))
}

// Transaction runs work that is stored whole or not at all, also if the client leaves.
func (p *Pool) Transaction(ctx context.Context, work Work) error {
	return p.insist(context.WithoutCancel(ctx), func(ctx context.Context, conn *pgxpool.Conn) error {
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return work(ctx, tx) })
	})
}

type pooledWork func(context.Context, *pgxpool.Conn) error

func plainly(work Work) pooledWork {
	return func(ctx context.Context, conn *pgxpool.Conn) error { return work(ctx, conn) }
}

// insist runs work, and again when PostgreSQL undid it in favour of somebody else's.
func (p *Pool) insist(ctx context.Context, work pooledWork) error {
	for attempt := 1; ; attempt++ {
		err := p.once(ctx, work)
		if attempt == attempts || !isConflict(err) {
			return err
		}
		time.Sleep(rand.N(time.Duration(attempt) * 20 * time.Millisecond))
	}
}

func (p *Pool) once(ctx context.Context, work pooledWork) error {
	conn, err := p.acquire(ctx)
	if err != nil {
		return &UnavailableError{cause: err}
	}
	defer release(conn)
	workCtx, cancel := context.WithTimeout(ctx, workTimeout)
	defer cancel()
	err = work(workCtx, conn)
	late := workCtx.Err() != nil || isTimeout(err)
	if err != nil && (late || conn.Conn().IsClosed()) {
		return &UnavailableError{cause: err, lost: !late}
	}
	return err
}

func (p *Pool) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	return p.pool.Acquire(ctx)
}

// release gives the connection back. pgx takes up to 15 seconds to say goodbye on one that broke
// or fell silent, by itself; the place in the pool is free at once.
func release(conn *pgxpool.Conn) {
	if conn.Conn().IsClosed() {
		conn.Hijack()
		return
	}
	conn.Release()
}

// UnavailableError says that the database could not be asked, or did not answer.
type UnavailableError struct {
	cause error
	// lost is true if the connection broke: the next one may be good.
	lost bool
}

func (e *UnavailableError) Error() string {
	return fmt.Sprintf("database unavailable: %v", e.cause)
}

func (e *UnavailableError) Unwrap() error { return e.cause }

// Violated returns the name of the constraint that err says is violated, or "".
func Violated(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "23") {
		return refused.ConstraintName
	}
	return ""
}

// isConflict is true for a serialization failure and a deadlock.
func isConflict(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == "40001" || refused.Code == "40P01")
}

// isTimeout is true when statement_timeout ended a statement.
func isTimeout(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "57014"
}
