package api

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"waybill/tracker"
)

// fleetRoutes are what the in-house fleet and its contractors call.
func (s *Server) fleetRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/fleet/scans", s.postFleetScans)
	r.Add(fiber.MethodPost, "/v1/pickup-points/import", s.importPickupPoints)
}

const (
	// linesAReceipt is how many lines of NDJSON become one receipt: small enough to be read and sealed at once, large
	// enough that a day's scans of a depot are some dozens.
	linesAReceipt = 500
	// receiptsAtOnce is how many receipts of one post are under way together, so that they share commits.
	receiptsAtOnce = 8
)

// postFleetScans takes one scan, an array of scans, or NDJSON in bulk.
func (s *Server) postFleetScans(c *fiber.Ctx) error {
	body, err := inflated(c, c.BodyRaw(), s.maxBody)
	if err != nil {
		return err
	}
	contentType := c.Get(fiber.HeaderContentType)
	parts := [][]byte{body}
	if strings.Contains(contentType, "ndjson") || strings.Contains(contentType, "jsonl") {
		parts = lines(body, linesAReceipt)
	}
	receipts := make([]*tracker.Receipt, len(parts))
	for i, part := range parts {
		receipts[i] = &tracker.Receipt{
			Source: tracker.FromFleet, Carrier: tracker.FleetCarrier, Account: callerOf(c.UserContext()).hint,
			ContentType: contentType, Body: part, Request: requestID(c),
		}
	}
	if len(receipts) == 1 {
		return s.accept(c, receipts[0])
	}
	outcomes, err := s.acceptAll(c.UserContext(), receipts)
	if err != nil {
		return notKept(err)
	}
	return c.Status(fiber.StatusAccepted).JSON(BulkAccepted{Receipts: outcomes})
}

// BulkAccepted is the answer to scans that were kept in several receipts, in their order.
type BulkAccepted struct {
	Receipts []*Accepted `json:"receipts"`
}

// acceptAll takes several receipts in. Where one cannot be kept the whole post fails and may be sent again: scans that
// were kept are the same ones then.
func (s *Server) acceptAll(ctx context.Context, receipts []*tracker.Receipt) ([]*Accepted, error) {
	outcomes := make([]*Accepted, len(receipts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(receiptsAtOnce)
	for i, receipt := range receipts {
		group.Go(func() error {
			outcome, err := s.ingest.Accept(ctx, receipt)
			outcomes[i] = acceptedOf(&outcome)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return outcomes, nil
}

// lines cuts a body into parts of so many lines each.
func lines(body []byte, each int) [][]byte {
	var parts [][]byte
	start, count := 0, 0
	for i := 0; i < len(body); {
		end := bytes.IndexByte(body[i:], '\n')
		if end < 0 {
			break
		}
		i += end + 1
		if count++; count == each {
			parts = append(parts, body[start:i])
			start, count = i, 0
		}
	}
	if rest := body[start:]; len(bytes.TrimSpace(rest)) > 0 || len(parts) == 0 {
		parts = append(parts, rest)
	}
	return parts
}
