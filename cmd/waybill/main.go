// Command waybill is Waybill in one binary: the API with its pages, the workers, the demo, and the tools around them.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // zones on hosts, and in images, that have no table of them
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }
