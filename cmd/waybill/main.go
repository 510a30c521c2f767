// Command waybill is Waybill in one binary: the API with its pages, the workers, the demo, and the tools around them.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // zones on hosts, and in images, that have no table of them

	"github.com/redis/go-redis/v9"
)

func main() {
	redis.SetLogger(unheard{}) // whoever calls Redis is told what is wrong, and says so in our log
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// unheard keeps go-redis from writing to the error output beside the log.
type unheard struct{}

// Printf implements go-redis' logger.
func (unheard) Printf(context.Context, string, ...any) {}
