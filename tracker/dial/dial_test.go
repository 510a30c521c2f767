package dial

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "172.32.0.1": true, "100.128.0.1": true, "2606:4700::1111": true, "2a00:1450::1": true,

		"0.0.0.0": false, "10.1.2.3": false, "100.100.100.200": false, "127.0.0.1": false, "127.1.2.3": false,
		"169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false, "192.0.0.192": false, "192.168.1.1": false,
		"198.18.0.1": false, "203.0.113.9": false, "224.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "fec0::1": false,
		"ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::7f00:1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::808:808": false, "64:ff9b:1::a00:1": false, "2002:7f00:1::": false,
		"2001::1": false, "2001:db8::1": false, "100::1": false, "::ffff:0:7f00:1": false,
	} {
		if got := Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

// A name that resolves to a private address, whether it did so a moment ago or not, is stopped at the socket.
func TestPrivateAddressesAreNotReached(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	t.Setenv("HTTP_PROXY", server.URL)
	t.Setenv("http_proxy", server.URL)
	client := NewClient(Options{Timeout: 2 * time.Second})
	defer client.CloseIdleConnections()
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1"} {
		response, err := client.Get("http://" + host + port + "/")
		if err == nil {
			_ = response.Body.Close()
			t.Errorf("%s was reached", host)
		}
	}
	if _, err := client.Get(server.URL); !errors.Is(err, ErrForbidden) { //nolint:bodyclose // there is none
		t.Errorf("error %v, want ErrForbidden", err)
	}
	if reached {
		t.Error("the server was called")
	}
}

func TestNothingIsFollowedInflatedOrReadWithoutEnd(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/zip":
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			_, _ = packed.Write(make([]byte, 1<<20))
			_ = packed.Close()
		default:
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}
	}))
	defer server.Close()
	client := NewClient(Options{AllowPrivate: true, MaxResponse: 1000})
	defer client.CloseIdleConnections()
	for path, want := range map[string]int{"/": http.StatusOK, "/redirect": http.StatusFound, "/zip": http.StatusOK} {
		response, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != want || len(body) > 1000 {
			t.Errorf("%s: status %d, %d bytes, %v", path, response.StatusCode, len(body), err)
		}
	}
}
