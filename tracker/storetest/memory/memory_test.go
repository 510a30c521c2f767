package memory_test

import (
	"testing"

	"waybill/tracker"
	"waybill/tracker/storetest"
	"waybill/tracker/storetest/memory"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) tracker.Store {
		t.Helper()
		s := memory.New()
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	})
}
