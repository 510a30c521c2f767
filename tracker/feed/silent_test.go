package feed

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/redis/go-redis/v9"
)

// silentClient is connected to a server that takes everything and answers nothing, as behind a cable that was cut.
func silentClient(t *testing.T) redis.UniversalClient {
	t.Helper()
	client := redis.NewClient(&redis.Options{
		Addr:     "127.0.0.1:6379", // nobody dials it, but a name would be looked up
		Protocol: 2, DisableIdentity: true, MaxRetries: -1,
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go func() {
				_, _ = io.Copy(io.Discard, far)
				_ = far.Close()
			}()
			return near, nil
		},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}
