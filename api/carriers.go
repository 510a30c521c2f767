package api

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/adapters/mapping"
	"waybill/api/verify"
	"waybill/tracker"
)

// carrierRoutes are what carriers call.
func (s *Server) carrierRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/carriers/:carrier/:account/events", s.postCarrierEvents)
	r.Add(fiber.MethodGet, "/v1/carriers/:carrier/:account/events", s.getCarrierEvent)
}

// account is a carrier's account as posts are checked against it.
type account struct {
	kind, header string
	secrets      []string
}

// postCarrierEvents takes a carrier's post in. What is not readable is acknowledged all the same, and kept: a carrier
// must never be told to give up.
func (s *Server) postCarrierEvents(c *fiber.Ctx) error {
	code, name := c.Params("carrier"), c.Params("account")
	carrier := s.carriers.Carrier(code)
	if carrier == nil {
		return s.unknownCarrier(code)
	}
	raw := c.BodyRaw()
	if len(raw) > s.maxBody {
		return tooLarge(s.maxBody)
	}
	if err := s.verify(c, carrier, name, raw); err != nil {
		return err
	}
	body, err := inflated(c, raw, s.maxBody)
	switch {
	case errors.Is(err, errEncoding):
		// Kept as it came: it says itself what is wrong with it.
		body = raw
	case err != nil:
		return err
	}
	return s.accept(c, &tracker.Receipt{
		Source: tracker.FromWebhook, Carrier: code, Account: name, ContentType: c.Get(fiber.HeaderContentType), Body: body,
		Request: requestID(c),
	})
}

// accept keeps a receipt and answers with what became of it.
func (s *Server) accept(c *fiber.Ctx, receipt *tracker.Receipt) error {
	outcome, err := s.ingest.Accept(c.UserContext(), receipt)
	if err != nil {
		return notKept(err)
	}
	if s.acknowledged(c, receipt) {
		return nil
	}
	return c.Status(fiber.StatusAccepted).JSON(acceptedOf(&outcome))
}

// notKept is the answer where a receipt is not durable: nothing is acknowledged, the sender tries again.
func notKept(err error) *Problem {
	p := problem("unavailable", "Nothing was taken in; send it again.").later(unavailableRetry)
	p.cause = err
	return p
}

// verify checks that a post proves to be the account's. An account that does not exist is answered as one whose secret
// is wrong, after the same work.
func (s *Server) verify(c *fiber.Ctx, carrier *mapping.Carrier, name string, raw []byte) error {
	request := verify.Request{
		Header: func(header string) string { return c.Get(header) }, Query: func(name string) string { return c.Query(name) }, Body: raw,
	}
	acc, err := s.account(c, carrier, name)
	refused := problem("unauthorized", "The post does not prove to come from this account; check the account's name and secret.")
	if errors.Is(err, tracker.ErrNotFound) {
		verify.Refuse(carrier.Webhooks.Verification, request)
		return refused
	}
	if err != nil {
		return err
	}
	check, err := verify.Kind(acc.kind)
	if err != nil {
		return err
	}
	if !check(request, acc.header, acc.secrets) {
		return refused
	}
	return nil
}

// account looks a carrier's account up and opens its secrets.
func (s *Server) account(c *fiber.Ctx, carrier *mapping.Carrier, name string) (*account, error) {
	key, now := tracker.AccountKey(carrier.Code, name), s.now()
	if acc, ok := s.knownAccounts.get(key, now); ok {
		return acc, nil
	}
	if err := s.countGuess(c); err != nil {
		return nil, err
	}
	record, err := tracker.Load[tracker.Account](c.UserContext(), s.store, key)
	if err != nil {
		return nil, err
	}
	acc := &account{kind: record.Verification, header: record.Header}
	if acc.kind == "" {
		acc.kind = carrier.Webhooks.Verification
	}
	if acc.header == "" && acc.kind == carrier.Webhooks.Verification {
		acc.header = carrier.Webhooks.Header
	}
	if acc.secrets, err = record.OpenSecrets(s.keys, now); err != nil {
		return nil, err
	}
	s.knownAccounts.put(key, acc, now)
	return acc, nil
}

// unknownCarrier names carriers whose codes are near.
func (s *Server) unknownCarrier(code string) *Problem {
	p := problem("unknown_carrier", "Its code is misspelt, or it is not read here; similar codes are under near.")
	p.Near = nearest(code, s.carriers.Codes())
	return p
}

// nearest lists up to three names that differ from a word by little, the nearest first.
func nearest(word string, names []string) []string {
	if len(word) > 64 {
		return nil
	}
	word = strings.ToLower(word)
	type near struct {
		name     string
		distance int
	}
	var found []near
	for _, name := range names {
		d := editDistance(word, name)
		if d <= max(1, len(name)/3) || strings.HasPrefix(name, word) || strings.HasPrefix(word, name) {
			found = append(found, near{name, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.distance - b.distance })
	list := make([]string, 0, 3)
	for _, n := range found[:min(3, len(found))] {
		list = append(list, n.name)
	}
	return list
}

// editDistance counts the characters to insert, remove or replace (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost = 1 + min(before, row[j], row[j+1])
			}
			before, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
