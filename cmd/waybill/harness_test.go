package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The end-to-end tests run the real binary, built once.

var binary struct {
	once   sync.Once
	folder string
	path   string
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.folder != "" {
		_ = os.RemoveAll(binary.folder)
	}
	os.Exit(code)
}

// built gives the binary's path.
func built(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		// Not t.TempDir: it serves all tests.
		if binary.folder, binary.err = os.MkdirTemp("", "waybill-test-"); binary.err != nil { //nolint:usetesting // as said
			return
		}
		binary.path = filepath.Join(binary.folder, "waybill")
		if output, err := exec.Command("go", "build", "-o", binary.path, ".").CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("go build: %w\n%s", err, output)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

// patience is how long tests wait for something that should happen soon; the machine may be busy.
const patience = 60 * time.Second

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline.C:
			t.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

// process is a running waybill.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	output *log
	exited chan struct{}
	// Base is the address it serves at, where it serves.
	Base string
}

// start runs the binary with a role and an environment of its own. It is killed when the test ends, unless it was
// ended before.
func start(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(built(t), args...), output: &log{}, exited: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}, environ...)
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start waybill %v: %v", args, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("waybill %s said:\n%s", strings.Join(args, " "), p.output.tail())
		}
	})
	return p
}

// server runs a role that serves, and waits until it answers.
func server(t *testing.T, environ []string, role string) *process {
	t.Helper()
	return restart(t, environ, role, "http://"+freeAddress(t))
}

// restart runs a role at the address at which it was before.
func restart(t *testing.T, environ []string, role, base string) *process {
	t.Helper()
	address := strings.TrimPrefix(base, "http://")
	p := start(t, append(environ, "WAYBILL_LISTEN="+address, "WAYBILL_PUBLIC_URL=http://"+address), role)
	p.Base = "http://" + address
	eventually(t, role+" answers at "+p.Base, func() bool {
		select {
		case <-p.exited:
			t.Fatalf("waybill %s ended at once:\n%s", role, p.output.tail())
		default:
		}
		response, err := http.Get(p.Base + "/healthz")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return p
}

// Kill ends it as a crash does.
func (p *process) Kill() {
	_ = p.cmd.Process.Kill() // fails when it has ended already
	<-p.exited
}

// Stop ends it as an operator does, and wants it to drain and exit with 0.
func (p *process) Stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatalf("it goes on %s after SIGTERM", patience)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("it exits with %d after SIGTERM, want 0", code)
	}
}

// command runs a command of the binary to its end and gives what it prints.
func command(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	path := built(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, environ...)
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	if err := cmd.Run(); err != nil {
		t.Fatalf("waybill %v: %v\n%s%s", args, err, &out, &errors)
	}
	return strings.TrimSpace(out.String())
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// log gathers what a process says.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// tail is the last of it.
func (l *log) tail() string {
	const most = 8000
	text := l.String()
	return text[max(0, len(text)-most):]
}

// readAll reads a response's body and closes it.
func readAll(t *testing.T, response *http.Response) []byte {
	t.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
