package mongo_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
)

func TestWhatWasWrittenOutlivesTheServerAndTheStoreComesBack(t *testing.T) {
	server := mongotest.StartFile(t)
	store, err := mongo.Open(t.Context(), server.URI(), "waybill", mongo.WithTimeout(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the test is over
	row := tracker.Row{Key: "a", Lists: []string{"l"}, Doc: []byte("kept")}
	if err := tracker.ErrorOf(store.Apply(t.Context(), []tracker.Write{{Table: tracker.Legs, Row: row}})); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if _, err := store.Get(t.Context(), tracker.Legs, "a"); !errors.Is(err, tracker.ErrUnavailable) {
		t.Errorf("Get without a server: %v", err)
	}
	if _, err := store.Apply(t.Context(), []tracker.Write{{Table: tracker.Legs, Row: row}}); !errors.Is(err, tracker.ErrUnavailable) {
		t.Errorf("Apply without a server: %v", err)
	}
	server.Start()
	rows, err := store.List(t.Context(), tracker.Legs, "l", tracker.Page{})
	if err != nil || len(rows) != 1 || string(rows[0].Doc) != "kept" {
		t.Errorf("after the restart: %+v, %v", rows, err)
	}
}

func TestAServerThatAcceptsAndNeverAnswersIsUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // the test is over
	uri := mongotest.URIOf(listener.Addr().String())

	_, err = mongo.Open(t.Context(), uri, "waybill", mongo.WithTimeout(50*time.Millisecond))
	if !errors.Is(err, tracker.ErrUnavailable) {
		t.Errorf("Open within its own time: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := mongo.Open(ctx, uri, "waybill"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Open within the caller's time: %v", err)
	}
}

func TestOpenSaysWhatIsWrongWithAURI(t *testing.T) {
	for _, uri := range []string{"", "localhost", "http://localhost:27017", "mongodb://"} {
		if store, err := mongo.Open(t.Context(), uri, "waybill"); err == nil {
			_ = store.Close()
			t.Errorf("%q was taken", uri)
		}
	}
}
