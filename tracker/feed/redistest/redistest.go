// Package redistest runs a private redis-server for tests: on a free port, without persistence, stopped and started
// at will.
package redistest

import (
	"context"
	"net"
	"os/exec"
	"testing"
	"time"

	"waybill/tracker/programtest"

	"github.com/redis/go-redis/v9"
)

// startWithin is how long a redis-server may take to answer.
const startWithin = 10 * time.Second

// Server is a redis-server of one test's own.
type Server struct {
	// Addr is where it listens, also after a restart.
	Addr string

	tb      testing.TB
	dir     string
	process *exec.Cmd
}

// Start runs a redis-server until the test ends. Where the program is missing the test is skipped, but fails when
// CI=true.
func Start(tb testing.TB) *Server {
	tb.Helper()
	programtest.Find(tb, "apt-get install redis-server", "redis-server")
	s := &Server{tb: tb, dir: tb.TempDir(), Addr: freeAddress(tb)}
	s.Up()
	tb.Cleanup(s.Down)
	return s
}

// Up starts it, empty, and waits until it answers.
func (s *Server) Up() {
	s.tb.Helper()
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.process = exec.Command("redis-server", "--bind", host, "--port", port, "--save", "", "--appendonly", "no",
		"--maxmemory-policy", "noeviction", "--dir", s.dir)
	if err := s.process.Start(); err != nil {
		s.tb.Fatalf("start redis-server: %v", err)
	}
	client := redis.NewClient(&redis.Options{Addr: s.Addr, MaxRetries: -1})
	defer client.Close() //nolint:errcheck // only a probe
	deadline := time.Now().Add(startWithin)
	for client.Ping(context.Background()).Err() != nil {
		if time.Now().After(deadline) {
			s.tb.Fatalf("redis-server on %s does not answer after %s", s.Addr, startWithin)
		}
	}
}

// Down kills it; what it held is gone.
func (s *Server) Down() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

// Client connects to it until the test ends. It gives up on a dead server soon, as tests do not wait.
func (s *Server) Client() redis.UniversalClient {
	client := redis.NewClient(&redis.Options{Addr: s.Addr, DialTimeout: time.Second, DialerRetries: 1})
	s.tb.Cleanup(func() { _ = client.Close() })
	return client
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // the port is known
	return listener.Addr().String()
}
