package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// pushService is a push service with one browser behind it, which reads what comes (RFC 8030, 8188, 8291).
type pushService struct {
	*httptest.Server
	key    *ecdh.PrivateKey
	secret []byte

	mu    sync.Mutex
	reads []pushed
}

// pushed is a notification as the page's service worker gets it.
type pushed struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"`
}

func startPushService(t *testing.T) *pushService {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &pushService{key: key, secret: make([]byte, 16)}
	_, _ = rand.Read(s.secret)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Header.Get("Authorization") != "" && r.Header.Get("TTL") != "" {
			err = s.read(body)
		}
		if err != nil {
			t.Errorf("a push cannot be read: %v", err)
		}
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(s.Close)
	return s
}

// environ are the settings that let pushes go there: its certificate is trusted, its address may be private.
func (s *pushService) environ(t *testing.T, public, private string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"SSL_CERT_FILE=" + file, "WAYBILL_WEBHOOKS_ALLOW_PRIVATE_NETWORKS=true", "WAYBILL_WEBPUSH_PUBLIC_KEY=" + public,
		"WAYBILL_WEBPUSH_PRIVATE_KEY=" + private, "WAYBILL_WEBPUSH_SUBJECT=mailto:ops@example.com",
	}
}

// subscription is what the page gives to the server.
func (s *pushService) subscription(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"endpoint": s.URL + "/browser", "keys": map[string]string{
		"p256dh": base64.RawURLEncoding.EncodeToString(s.key.PublicKey().Bytes()), "auth": base64.RawURLEncoding.EncodeToString(s.secret),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// read opens a body: salt (16), record size (4), length of the key (1), the sender's key (65), one sealed record.
func (s *pushService) read(body []byte) error {
	const saltEnd, keyStart, keyEnd = 16, 21, 86
	if len(body) <= keyEnd {
		return io.ErrUnexpectedEOF
	}
	sender, err := ecdh.P256().NewPublicKey(body[keyStart:keyEnd])
	if err != nil {
		return err
	}
	shared, err := s.key.ECDH(sender)
	if err != nil {
		return err
	}
	info := "WebPush: info\x00" + string(s.key.PublicKey().Bytes()) + string(body[keyStart:keyEnd])
	ikm, err := hkdf.Key(sha256.New, shared, s.secret, info, 32)
	if err != nil {
		return err
	}
	key, err := hkdf.Key(sha256.New, ikm, body[:saltEnd], "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, body[:saltEnd], "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return err
	}
	plain, err := gcm.Open(nil, nonce, body[keyEnd:], nil)
	if err != nil {
		return err
	}
	end := len(plain)
	for end > 0 && plain[end-1] == 0 {
		end--
	}
	var p pushed
	if err := json.Unmarshal(plain[:max(end-1, 0)], &p); err != nil { // the last byte is the delimiter
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads = append(s.reads, p)
	return nil
}

// read pushes so far.
func (s *pushService) all() []pushed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]pushed(nil), s.reads...)
}
