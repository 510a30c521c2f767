package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// groupRows is how many rows one commit takes at most: enough to share the disk's wait, few enough that nobody
// waits long for the others' rows.
const groupRows = 1024

var errClosed = errors.New("the store is closed")

// writer owns the one connection that writes. While it commits, callers queue up; the next commit takes them all
// (group commit): many callers share one wait for the disk, a lone one waits for nobody.
type writer struct {
	db   *sql.DB
	conn *sql.Conn
	// prepared are the connection's statements by their text. Only run uses it.
	prepared map[string]*sql.Stmt
	jobs     chan *job
	quit     chan struct{}
	stopped  chan struct{}
	once     sync.Once
}

// job is a caller's part of a transaction.
type job struct {
	rows int
	// work does the job. It can be run again after a rollback, so it sets its results anew each time. It fails only
	// where the database does; what concerns one row goes into its results.
	work func(*tx) error
	// taken is set by whoever comes first: the writer that begins with the work, or the caller that gives up.
	taken atomic.Bool
	done  chan error
}

// writerSettings hold for the connection that writes.
var writerSettings = []string{
	"_pragma=journal_mode(WAL)",
	"_pragma=synchronous(FULL)", "_pragma=fullfsync(ON)", // a commit waits for the disk, on macOS too
	"_pragma=secure_delete(ON)", // what is removed is overwritten
	// A log of 16 MB takes several changes of a page into the file as one. A larger one gained nothing where it was
	// measured, but makes reads search longer.
	"_pragma=wal_autocheckpoint(4096)", "_pragma=journal_size_limit(67108864)",
	"_pragma=cache_size(-32768)", // 32 MiB; more gained nothing with a million legs
}

func openWriter(ctx context.Context, path string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn(path, writerSettings...))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(mapped(err), db.Close())
	}
	if err := migrate(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(), db.Close())
	}
	w := &writer{
		db: db, conn: conn, prepared: make(map[string]*sql.Stmt),
		jobs: make(chan *job), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// do has the work done in a transaction and returns when that is committed, with the work's own error or the
// commit's. When ctx ends before the work has begun, nothing is done.
func (w *writer) do(ctx context.Context, rows int, work func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{rows: rows, work: work, done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return mapped(errClosed)
	}
	select {
	case err := <-j.done:
		return mapped(err)
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return mapped(<-j.done) // begun is as good as done: the caller learns how it ended
	}
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		select {
		case <-w.quit:
			return
		case first := <-w.jobs:
			w.commit(w.gather(first))
		}
	}
}

// gather adds the jobs that wait already.
func (w *writer) gather(first *job) []*job {
	group, rows := []*job{first}, first.rows
	for rows < groupRows {
		select {
		case next := <-w.jobs:
			group, rows = append(group, next), rows+next.rows
		default:
			return group
		}
	}
	return group
}

// commit does the jobs in one transaction. When that fails, each is tried in one of its own, so that none suffers
// for another's fault.
func (w *writer) commit(group []*job) {
	// No caller's context: one that gives up must not undo the others' work.
	t := &tx{ctx: context.Background(), w: w}
	beginErr := t.begin() // may wait for another process, so callers may give up until here
	group = slices.DeleteFunc(group, func(j *job) bool { return !j.taken.CompareAndSwap(false, true) })
	err := beginErr
	if beginErr == nil {
		err = t.finish(group)
	}
	alone := beginErr == nil && err != nil && len(group) > 1
	for _, j := range group {
		if alone {
			if err = t.begin(); err == nil {
				err = t.finish([]*job{j})
			}
		}
		j.done <- err
	}
}

func (w *writer) isClosed() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

func (w *writer) close() error {
	var err error
	w.once.Do(func() {
		close(w.quit)
		<-w.stopped
		for _, stmt := range w.prepared {
			err = errors.Join(err, stmt.Close())
		}
		err = errors.Join(err, w.conn.Close(), w.db.Close())
	})
	return err
}

// tx is the transaction under way.
type tx struct {
	ctx context.Context //nolint:containedctx // lives as long as the transaction
	w   *writer
}

func (t *tx) begin() error {
	_, err := t.exec("BEGIN IMMEDIATE")
	return err
}

// finish does the jobs and commits; after an error all is as before begin.
func (t *tx) finish(group []*job) error {
	for _, j := range group {
		if err := j.work(t); err != nil {
			return t.undo(err)
		}
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return t.undo(err)
	}
	return nil
}

// undo rolls back. That this may fail is no news: after some errors SQLite has done so by itself.
func (t *tx) undo(cause error) error {
	_, _ = t.exec("ROLLBACK")
	return cause
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if stmt, ok := t.w.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := t.w.conn.PrepareContext(t.ctx, query)
	if err == nil {
		t.w.prepared[query] = stmt
	}
	return stmt, err
}

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(t.ctx, args...)
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(t.ctx, args...)
}
