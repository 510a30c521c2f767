package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestTheDemoRunsAndItsPagesMove(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	p := start(t, nil, "demo", "--shipments", "40", "--speed", "600", "--seed", "4", "--listen", address)
	eventually(t, "the demo says what there is to see", func() bool { return strings.Contains(p.output.String(), "Stop with Ctrl-C") })
	text := p.output.String()
	pages := regexp.MustCompile(`http://\S+/(?:t/\S+|outbox|docs|)\s`).FindAllString(text, -1)
	if len(pages) < 5 {
		t.Fatalf("the demo names the pages %v", pages)
	}
	for _, page := range pages {
		response, err := http.Get(strings.TrimSpace(page))
		if err != nil {
			t.Fatal(err)
		}
		if body := readAll(t, response); response.StatusCode != http.StatusOK || len(body) == 0 {
			t.Errorf("%s answers %s", page, response.Status)
		}
	}
	watched := regexp.MustCompile(`/t/(WB\w+)`).FindStringSubmatch(text)[1]
	s := &shop{t: t, Base: "http://" + address}
	await(t, s.watch(watched), "out_for_delivery")
	eventually(t, "customers were told", func() bool {
		response, err := http.Get(s.Base + "/outbox")
		return err == nil && strings.Contains(string(readAll(t, response)), "@example.com")
	})
	eventually(t, "the seller's server took a signed webhook", func() bool {
		response, err := http.Get(s.Base + "/outbox")
		return err == nil && strings.Contains(string(readAll(t, response)), "/hooks/waybill")
	})
	p.Stop()
}

func TestTheDemoTakesTheNextPortWhereOneIsTaken(t *testing.T) {
	t.Parallel()
	taken := server(t, []string{"WAYBILL_DATA_DIR=" + t.TempDir()}, "serve")
	p := start(t, nil, "demo", "--shipments", "1", "--listen", strings.TrimPrefix(taken.Base, "http://"))
	eventually(t, "the demo runs elsewhere", func() bool { return strings.Contains(p.output.String(), "Stop with Ctrl-C") })
	if !strings.Contains(p.output.String(), "is taken by another program; using") {
		t.Errorf("nothing is said of the port:\n%s", p.output.tail())
	}
	p.Stop()
	taken.Stop()
}
