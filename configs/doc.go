// Package configs holds Waybill's settings: their types, defaults, rules and
// documentation in one table, and the loader that reads them from a YAML file,
// the environment and the command line.
//
// The example file and docs/configuration.md are generated from the table; a
// test fails when they drift. The folder also holds the deployment files
// (Dockerfile, compose, Kubernetes, systemd), which another test checks against
// the same table. Only cmd imports this package: everything else is handed the
// values it needs.
package configs

//go:generate go run ./gen
