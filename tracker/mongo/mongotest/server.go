package mongotest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// startTime is how long a server may take until it answers.
const startTime = 60 * time.Second

// Server is a private server, of which a test can end and begin the process.
type Server struct {
	t       testing.TB
	port    int
	command func(port int) *exec.Cmd
	process *exec.Cmd
	output  bytes.Buffer
	exited  chan struct{}
}

func startServer(t testing.TB, command func(port int) *exec.Cmd) *Server {
	t.Helper()
	s := &Server{t: t, port: freePort(t), command: command}
	s.Start()
	t.Cleanup(s.Kill)
	return s
}

// Addr is where the server listens, for a proxy in between.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URI is the server's URI.
func (s *Server) URI() string { return URIOf(s.Addr()) }

// URIOf is the URI of a server, or of a proxy before it, at an address.
func URIOf(addr string) string { return "mongodb://" + addr + "/?directConnection=true" }

// Start starts the process, at the same address as before, and returns when it takes writes.
func (s *Server) Start() {
	s.t.Helper()
	s.process, s.exited = s.command(s.port), make(chan struct{})
	s.process.Stdout, s.process.Stderr = &s.output, &s.output
	if err := s.process.Start(); err != nil {
		s.t.Fatalf("start %s: %v", s.process, err)
	}
	go func(process *exec.Cmd, exited chan struct{}) {
		_ = process.Wait() // how it ended is in its output
		close(exited)
	}(s.process, s.exited)
	deadline := time.Now().Add(startTime)
	for s.answers() != nil {
		select {
		case <-s.exited:
			s.t.Fatalf("%s ended at once:\n%s", s.process, &s.output)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			s.Kill()
			s.t.Fatalf("%s does not answer after %s:\n%s", s.process, startTime, &s.output)
		}
	}
}

// answers makes sure of a primary. A mongod that is new is made a replica set of one first. (The stand-in knows
// hello by its old name alone.)
func (s *Server) answers() error {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return err
	}
	if err := conn.Close(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(s.URI()))
	if err != nil {
		return err
	}
	defer client.Disconnect(ctx) //nolint:errcheck // nothing hangs on it
	var hello struct {
		Primary bool `bson:"ismaster"`
		New     bool `bson:"isreplicaset"` // of a set that is yet to be initiated
	}
	if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "isMaster", Value: 1}}).Decode(&hello); err != nil {
		return err
	}
	if hello.New {
		config := bson.D{{Key: "_id", Value: "test"}, {Key: "members", Value: bson.A{
			bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: s.Addr()}},
		}}}
		if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err(); err != nil {
			return err
		}
	}
	if !hello.Primary {
		return fmt.Errorf("%s is no primary yet", s.Addr())
	}
	return nil
}

// Stop ends the process as an operator would; what was written is kept.
func (s *Server) Stop() {
	s.t.Helper()
	s.end(syscall.SIGTERM)
}

// Kill ends the process as a crash would. A mongod keeps what it confirmed; the stand-in may lose the last second.
func (s *Server) Kill() {
	s.t.Helper()
	s.end(syscall.SIGKILL)
}

func (s *Server) end(signal syscall.Signal) {
	s.t.Helper()
	_ = s.process.Process.Signal(signal) // fails when it has ended already
	select {
	case <-s.exited:
	case <-time.After(startTime):
		s.t.Errorf("%s goes on after %s:\n%s", s.process, signal, &s.output)
	}
}

func mongodCommand(t testing.TB, mongod, folder string) func(port int) *exec.Cmd {
	t.Helper()
	if folder == "" {
		folder = t.TempDir()
	} else if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return func(port int) *exec.Cmd {
		return exec.Command(mongod, "--replSet", "test", "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(port),
			"--dbpath", folder, "--nounixsocket")
	}
}

// javaSource is a main class for mongo-java-server, whose own listens at a fixed port.
//
//go:embed testdata/Mongo.java
var javaSource []byte

func javaCommand(t testing.TB, java, jars, file string) func(port int) *exec.Cmd {
	t.Helper()
	source := filepath.Join(t.TempDir(), "Mongo.java")
	if err := os.WriteFile(source, javaSource, 0o600); err != nil {
		t.Fatal(err)
	}
	return func(port int) *exec.Cmd {
		args := []string{"-cp", filepath.Join(jars, "*"), source, strconv.Itoa(port)}
		if file != "" {
			args = append(args, file)
		}
		return exec.Command(java, args...)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()                     //nolint:errcheck // nobody connected
	return listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it is TCP
}
