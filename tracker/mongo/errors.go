package mongo

import (
	"errors"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"waybill/tracker"
)

// passing are the server's codes for a state that passes: an election, a shutdown, a majority out of reach.
// Source: MongoDB's error_codes.yml, its categories NotPrimaryError, ShutdownError and RetriableError.
var passing = []int{
	6, 7, 89, // host unreachable, not found, network time-out
	50, 202, 262, // time limits of the server's own
	64, 100, // write concern failed, cannot be satisfied
	91, 189, 11600, 11602, // shutting down, stepped down, interrupted
	10107, 13435, 13436, // not primary
	9001, // socket
}

// mapped turns the driver's error into the port's.
func mapped(err error) error {
	if unavailable(err) {
		return fmt.Errorf("%w: %w", tracker.ErrUnavailable, err)
	}
	return err
}

// unavailable reports whether an error may pass by itself.
func unavailable(err error) bool {
	var selection topology.ServerSelectionError
	var connection topology.ConnectionError
	var bulk driver.BulkWriteException
	var write driver.WriteException
	var server driver.ServerError
	switch {
	case err == nil:
		return false
	case driver.IsTimeout(err), driver.IsNetworkError(err), errors.Is(err, driver.ErrClientDisconnected),
		errors.Is(err, topology.ErrTopologyClosed), errors.As(err, &selection), errors.As(err, &connection):
		return true
	case errors.As(err, &bulk) && bulk.WriteConcernError != nil, errors.As(err, &write) && write.WriteConcernError != nil:
		return true
	case errors.As(err, &server):
		return slices.ContainsFunc(passing, server.HasErrorCode) || server.HasErrorLabel("RetryableWriteError")
	}
	return false
}
