package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSIGTERMDrains(t *testing.T) {
	t.Parallel()
	environ := []string{"WAYBILL_DATA_DIR=" + t.TempDir(), "WAYBILL_LIMITS_LOOKUPS_PER_MINUTE=100000"}
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)
	number := upsNumber(1)
	s.scan(number, "DP", "Departed from Facility", time.Now())
	stream := s.watch(number)
	await(t, stream, "in_transit")

	// Scans under way when the signal comes are answered, or refused: never taken in and then lost.
	var mu sync.Mutex
	var taken []string
	refused := 0
	var posts sync.WaitGroup
	for worker := range 4 {
		posts.Go(func() {
			for i := range 10_000 {
				number := upsNumber(10_000*(worker+1) + i)
				status, _, err := s.tryScan(alert(number, "DP", "Departed from Facility", time.Now()))
				accepted := err == nil && status == http.StatusAccepted
				mu.Lock()
				if accepted {
					taken = append(taken, number)
				} else {
					refused++
				}
				mu.Unlock()
				if !accepted {
					return
				}
			}
		})
	}
	eventually(t, "scans are under way", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(taken) > 50
	})
	p.Stop()
	posts.Wait()
	if refused == 0 {
		t.Fatal("the signal did not come amid the load")
	}
	for v := range stream { // it ends: the server closed it
		if v.Milestone != "in_transit" {
			t.Errorf("the stream tells of %s", v.Milestone)
		}
	}
	if !strings.Contains(p.output.String(), "stopped") {
		t.Errorf("the log does not say that it stopped:\n%s", p.output.tail())
	}

	again := server(t, environ, "serve")
	s.Base = again.Base
	for _, number := range taken {
		if s.track(number) == nil {
			t.Errorf("the scan of %s was acknowledged and is not there after the restart", number)
		}
	}
	again.Stop()
}
