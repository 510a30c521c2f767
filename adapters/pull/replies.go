package pull

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"

	"waybill/adapters/pull/rule"
	"waybill/tracker"
)

// replies makes of an answer a reply for each number.
func (a *Asker) replies(account *Account, r *rule.Rule, numbers []string, got *answer) []Reply {
	list := make([]Reply, len(numbers))
	var parts map[string][]byte
	whole := len(numbers) == 1
	if !whole {
		var ok bool
		// An error, or what cannot be taken apart, is every number's answer.
		parts, ok = split(got.body, &r.Batch)
		whole = !ok
	}
	for i, number := range numbers {
		body, known := got.body, true
		if !whole {
			body, known = parts[number]
		}
		list[i] = Reply{Number: number, Verdict: Unknown, ContentType: got.contentType}
		if known && !slices.Contains(r.NotFound.Status, got.status) {
			list[i].Body, list[i].Digest = body, digest(body, r.Volatile)
			a.judge(account.Carrier, r, &list[i])
		}
	}
	return list
}

// judge reads a reply with the carrier's mapping, and says what it amounts to.
func (a *Asker) judge(carrier string, r *rule.Rule, reply *Reply) {
	reading := a.options.Reader.Read(&tracker.Receipt{
		Source: tracker.FromPoll, Carrier: carrier, Number: reply.Number, Body: reply.Body, ContentType: reply.ContentType,
	})
	for i := range reading.Shipments {
		for j := range reading.Shipments[i].Events {
			if at := reading.Shipments[i].Events[j].Time; at.Known() && at.Instant().After(reply.Latest) {
				reply.Latest = at.Instant()
			}
		}
	}
	unknown := slices.ContainsFunc(reading.Errors, func(e tracker.ReadError) bool { return slices.Contains(r.NotFound.Codes, e.Code) })
	tells := slices.ContainsFunc(reading.Shipments, func(s tracker.ReadShipment) bool { return len(s.Events) > 0 })
	switch {
	case tells:
		reply.Verdict = Answered
	case unknown:
		reply.Verdict = Unknown
	case len(reading.Errors) > 0:
		reply.Verdict = Refused
	case len(reading.Shipments) > 0:
		reply.Verdict = Answered
	default:
		reply.Verdict = Unreadable
	}
}

// split takes an answer about several numbers apart. Each part comes in the answer's own envelope, its bytes as they
// are; !ok where the answer has no such parts.
func split(body []byte, batch *rule.Batch) (parts map[string][]byte, ok bool) {
	steps := stepsOf(batch.Split)
	list, before, after := body, "", ""
	for _, step := range steps {
		var members map[string]json.RawMessage
		if json.Unmarshal(list, &members) != nil || members[step] == nil {
			return nil, false
		}
		name, err := json.Marshal(step)
		if err != nil {
			return nil, false
		}
		before, after = before+"{"+string(name)+":", "}"+after
		list = members[step]
	}
	var items []json.RawMessage
	if json.Unmarshal(list, &items) != nil {
		return nil, false
	}
	if len(steps) > 0 {
		before, after = before+"[", "]"+after
	}
	parts = make(map[string][]byte, len(items))
	for _, item := range items {
		for _, path := range batch.Number {
			if number := tracker.NormaliseNumber(member(item, stepsOf(path))); number != "" {
				parts[number] = slices.Concat([]byte(before), item, []byte(after))
				break
			}
		}
	}
	return parts, true
}

func stepsOf(path string) []string {
	if path == "." {
		return nil
	}
	return strings.Split(path, ".")
}

// member is the text of a member, "" where there is none.
func member(object json.RawMessage, steps []string) string {
	for _, step := range steps {
		var members map[string]json.RawMessage
		if json.Unmarshal(object, &members) != nil {
			return ""
		}
		object = members[step]
	}
	var text string
	if json.Unmarshal(object, &text) == nil {
		return text
	}
	return strings.Trim(string(object), " ") // a number without quotes
}

// digest is the SHA-256 of a reply without its volatile members.
func digest(body []byte, volatile []string) [sha256.Size]byte {
	if len(volatile) == 0 {
		return sha256.Sum256(bytes.TrimSpace(body))
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var tree any
	if decoder.Decode(&tree) != nil {
		return sha256.Sum256(body)
	}
	for _, path := range volatile {
		without(tree, stepsOf(path))
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return sha256.Sum256(body)
	}
	return sha256.Sum256(text)
}

func without(tree any, steps []string) {
	object, ok := tree.(map[string]any)
	switch {
	case !ok:
	case len(steps) == 1:
		delete(object, steps[0])
	default:
		without(object[steps[0]], steps[1:])
	}
}
