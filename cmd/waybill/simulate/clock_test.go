package simulate

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheClockRunsAtItsSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock, start := NewClock(time.Now, 60), time.Now()
		<-time.After(time.Second)
		if got := clock.Now().Sub(start); got != time.Minute {
			t.Errorf("after a second the clock shows %s, want a minute", got)
		}
		clock.SetSpeed(600)
		<-time.After(time.Second)
		if got := clock.Now().Sub(start); got != 11*time.Minute {
			t.Errorf("after another at tenfold speed it shows %s, want 11 minutes", got)
		}
	})
}

func TestSleepersTakeUpANewSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock, start := NewClock(time.Now, 1), time.Now()
		woken := make(chan error)
		go func() { woken <- clock.Sleep(t.Context(), start.Add(time.Hour)) }()
		synctest.Wait()
		clock.SetSpeed(3600)
		if err := <-woken; err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("the sleeper slept %s, want a second", took)
		}
	})
}

func TestSleepEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	clock := NewClock(time.Now, 1)
	if err := clock.Sleep(ctx, time.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep gives %v", err)
	}
}
