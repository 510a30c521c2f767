// Package mongotest gives tests a MongoDB.
//
// Which one it is, the environment decides: the server at WAYBILL_TEST_MONGO_URI; else a private mongod, where the
// program is on PATH; else a private mongo-java-server, run by java from the jars in WAYBILL_TEST_MONGO_JARS (see
// the pom in .ci). The last is a stand-in: it uses no index but _id's, so keep collections small and take no figures
// from it. With none of them a test is skipped, but fails when CI is true.
package mongotest

import (
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"waybill/tracker/programtest"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

const (
	envURI  = "WAYBILL_TEST_MONGO_URI"
	envJars = "WAYBILL_TEST_MONGO_JARS"
)

// Start says the URI of a server, which it starts where the environment gives none. It stops when the test ends.
func Start(t testing.TB) (uri string) {
	t.Helper()
	if uri := os.Getenv(envURI); uri != "" {
		return uri
	}
	return start(t, "").URI()
}

// StartReal is Start for benchmarks: where there is no MongoDB but the stand-in, it skips.
func StartReal(b *testing.B) (uri string) {
	b.Helper()
	if _, err := exec.LookPath("mongod"); err != nil && os.Getenv(envURI) == "" {
		b.Skip("no figures without a real MongoDB: set " + envURI + " or put mongod on PATH")
	}
	return Start(b)
}

// StartFile starts a private server that keeps its data in a file (a folder, with mongod) of the test's own, so that
// it can be stopped and started again. WAYBILL_TEST_MONGO_URI plays no part in it.
func StartFile(t testing.TB) *Server {
	t.Helper()
	return start(t, filepath.Join(t.TempDir(), "data"))
}

// Database is the name of a new database on a server, which is dropped when the test ends.
func Database(t testing.TB, uri string) string {
	t.Helper()
	name := "waybill_" + rand.Text()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		client, err := mongo.Connect(ctx, options.Client().ApplyURI(uri))
		if err != nil {
			t.Errorf("connect to drop the test's database: %v", err)
			return
		}
		defer client.Disconnect(ctx) //nolint:errcheck // the test is over
		if err := client.Database(name).Drop(ctx); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return name
}

func start(t testing.TB, file string) *Server {
	t.Helper()
	if mongod, err := exec.LookPath("mongod"); err == nil {
		return startServer(t, mongodCommand(t, mongod, file))
	}
	jars := os.Getenv(envJars)
	java, err := exec.LookPath("java")
	if jars == "" || err != nil {
		programtest.Missing(t, "no MongoDB for this test: set "+envURI+", put mongod on PATH, or install java and set "+envJars)
	}
	return startServer(t, javaCommand(t, java, jars, file))
}
