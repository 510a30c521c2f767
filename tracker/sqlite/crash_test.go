package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

// envVictim names the file that a process of this test's program shall write to until it is killed.
const envVictim = "WAYBILL_TEST_SQLITE_VICTIM"

func TestAKilledProcessLosesNothingItConfirmed(t *testing.T) {
	if path := os.Getenv(envVictim); path != "" {
		writeUntilKilled(path)
		return
	}
	path := filepath.Join(t.TempDir(), "waybill.db")
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	victim.Env = append(os.Environ(), envVictim+"="+path)
	output, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var confirmed []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		key, ok := strings.CutPrefix(lines.Text(), "confirmed ")
		if !ok {
			t.Fatalf("the victim said %q", lines.Text())
		}
		if confirmed = append(confirmed, key); len(confirmed) == 300 {
			if err := victim.Process.Kill(); err != nil { // what it has said until it dies is read on
				t.Fatal(err)
			}
		}
	}
	_ = victim.Wait() // killed, as intended
	if len(confirmed) < 300 {
		t.Fatalf("the victim confirmed %d rows alone", len(confirmed))
	}
	rows, err := open(t, path).Get(t.Context(), tracker.Receipts, confirmed...)
	if err != nil || len(rows) != len(confirmed) {
		t.Fatalf("of %d confirmed rows %d are left: %v", len(confirmed), len(rows), err)
	}
}

// writeUntilKilled writes from several goroutines, so that commits are shared, and says what is confirmed.
func writeUntilKilled(path string) {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		panic(err)
	}
	for worker := range 8 {
		go func() {
			for n := 0; ; n++ {
				row := tracker.Row{Key: fmt.Sprintf("%d-%d", worker, n), Lists: []string{"l"}, Doc: make([]byte, 3000)}
				if err := tracker.ErrorOf(store.Apply(ctx, []tracker.Write{{Table: tracker.Receipts, Row: row}})); err != nil {
					panic(err)
				}
				fmt.Fprintln(os.Stdout, "confirmed", row.Key)
			}
		}()
	}
	select {}
}
