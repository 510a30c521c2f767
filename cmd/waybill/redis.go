package main

import (
	"context"
	"fmt"
	"net"
	"net/url"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"waybill/configs"
)

// queue is the Redis that is in use: one beside us, or one inside the process. Either may be lost at any moment.
type queue struct {
	redis.UniversalClient
	// inside is the one in the process, nil where there is one beside us.
	inside *miniredis.Miniredis
}

// openQueue does not wait for Redis: work goes on without it, slower.
func openQueue(config configs.Redis) (*queue, error) {
	if config.URL == "" {
		inside := miniredis.NewMiniRedis()
		inside.ClockTTL(true) // else nothing ever expires
		// Over a pipe: no port is open that others on this machine could reach.
		dial := func(context.Context, string, string) (net.Conn, error) { return inside.Dial() }
		return &queue{UniversalClient: redis.NewClient(&redis.Options{Dialer: dial, Protocol: 2, DisableIdentity: true}), inside: inside}, nil
	}
	if config.Cluster {
		options, err := redis.ParseClusterURL(config.URL.Reveal())
		if err != nil {
			return nil, withoutURL("redis.url", err)
		}
		return &queue{UniversalClient: redis.NewClusterClient(options)}, nil
	}
	options, err := redis.ParseURL(config.URL.Reveal())
	if err != nil {
		return nil, withoutURL("redis.url", err)
	}
	return &queue{UniversalClient: redis.NewClient(options)}, nil
}

// withoutURL keeps a connection string, which holds a password, out of an error.
func withoutURL(setting string, err error) error {
	if parse, ok := err.(*url.Error); ok { //nolint:errorlint // as the parser gives it
		err = parse.Err
	}
	return fmt.Errorf("%s cannot be used: %w", setting, err)
}

// close ends the connections, and the one inside with them.
func (q *queue) close() error {
	err := q.Close()
	if q.inside != nil {
		q.inside.Close()
	}
	return err
}

// String names the engine for the log.
func (q *queue) String() string {
	if q.inside != nil {
		return "in the process (nothing to lose: all of it is rebuilt from the store)"
	}
	return "Redis"
}
