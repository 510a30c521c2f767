package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"waybill/adapters"
	"waybill/configs"
	"waybill/tracker"
	"waybill/tracker/mongo"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

// databaseFile is SQLite's file in data_dir.
const databaseFile = "waybill.db"

// data is what every command that touches records has: the store, the master key, the carriers.
type data struct {
	program  *program
	config   configs.Config
	log      *slog.Logger
	store    tracker.Store
	keys     *seal.Keys
	carriers *adapters.Registry
}

// openData opens the store that the settings name. The caller closes it.
func (p *program) openData(ctx context.Context, config configs.Config, log *slog.Logger) (*data, error) {
	master, err := config.MasterKey()
	if err != nil {
		return nil, err
	}
	d := &data{program: p, config: config, log: log}
	if d.keys, err = seal.New(master); err != nil {
		return nil, err
	}
	if d.carriers, err = adapters.Open(adapters.Options{Dir: config.CarriersDir}); err != nil {
		return nil, err
	}
	if d.store, err = openStore(ctx, config); err != nil {
		return nil, err
	}
	return d, nil
}

func openStore(ctx context.Context, config configs.Config) (tracker.Store, error) {
	if config.Mongo.URI != "" {
		return mongo.Open(ctx, config.Mongo.URI.Reveal(), config.Mongo.Database, mongo.WithTimeout(config.Mongo.Timeout))
	}
	return sqlite.Open(ctx, filepath.Join(config.DataDir, databaseFile))
}

// openExisting is openData for commands that only look at what is there: it makes no new database.
func (p *program) openExisting(ctx context.Context, config configs.Config, log *slog.Logger) (*data, error) {
	if file := filepath.Join(config.DataDir, databaseFile); config.Mongo.URI == "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s; name its folder by --data-dir, or set mongo.uri", file)
		}
	}
	return p.openData(ctx, config, log)
}

func (d *data) close() error { return d.store.Close() }

// ingest makes an Ingest. feed and observer may be nil: workers find what is due by themselves, a little later.
func (d *data) ingest(feed tracker.Feed, observer tracker.Observer) *tracker.Ingest {
	if feed == nil {
		feed = silent{}
	}
	if observer == nil {
		observer = silent{}
	}
	return tracker.NewIngest(tracker.IngestOptions{
		Store: d.store, Reader: d.carriers, Keys: d.keys, Feed: feed, Observer: observer, Now: d.program.now, Log: d.log,
		AckWait: d.config.Ingest.AckWait,
	})
}

// silent is a feed that nobody hears and an observer that counts nothing.
type silent struct{}

func (silent) Publish(...string) {}

func (silent) Read(*tracker.Receipt, *tracker.Reading) {}

// withData runs a command's work with the store of its settings open.
func (s *settings) withData(
	ctx context.Context, open func(context.Context, configs.Config, *slog.Logger) (*data, error), work func(*data) error,
) error {
	config, _, err := s.load()
	if err != nil {
		return err
	}
	d, err := open(ctx, config, s.program.logger(config.Log))
	if err != nil {
		return err
	}
	return errors.Join(work(d), d.close())
}

// silence is how long none of a parcel is borne, the same for pages and for messages.
func silence(c configs.Config) tracker.Patience {
	return tracker.Patience{Late: c.Silence.DelayedAfter, Expire: c.Silence.ExpiredAfter}
}
