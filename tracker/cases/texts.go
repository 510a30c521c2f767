package cases

import (
	"context"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Said is an entry of a case with its text. Text is empty where the person was erased.
type Said struct {
	tracker.CaseEntry
	Text string
}

// Read gives what happened to a case, the oldest first.
func (d *Desk) Read(ctx context.Context, c *tracker.Case) ([]Said, error) {
	t, err := d.open(ctx, c)
	if err != nil {
		return nil, err
	}
	list, texts := make([]Said, len(c.Entries)), t.texts
	for i, e := range c.Entries {
		list[i].CaseEntry = e
		if e.HasText && len(texts) > 0 {
			list[i].Text, texts = texts[0], texts[1:]
		}
	}
	return list, nil
}

// Public are the entries that the customer sees.
func Public(all []Said) []Said {
	var list []Said
	for _, s := range all {
		if s.What != tracker.CaseNote && s.What != tracker.CaseOwned && s.What != tracker.CaseClaimed {
			list = append(list, s)
		}
	}
	return list
}

// open opens the texts of a case. Without their key, which is destroyed with the person's data, there are none.
func (d *Desk) open(ctx context.Context, c *tracker.Case) (*Turn, error) {
	t := &Turn{Case: c, desk: d}
	record, err := tracker.Load[tracker.DataKey](ctx, d.Store, c.DataKey)
	if errors.Is(err, tracker.ErrNotFound) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	if t.key, err = d.Keys.OpenDataKey(record.ID, record.Wrapped); err != nil {
		return nil, fmt.Errorf("case %s: %w", c.ID, err)
	}
	if len(c.Sealed) == 0 {
		return t, nil
	}
	plain, err := seal.Open(t.key, c.Sealed, purpose(c))
	if err != nil {
		return nil, fmt.Errorf("open the texts of case %s: %w", c.ID, err)
	}
	if err := cbor.Unmarshal(plain, &t.texts); err != nil {
		return nil, fmt.Errorf("read the texts of case %s: %w", c.ID, err)
	}
	return t, nil
}

func (t *Turn) seal() error {
	if t.key == nil {
		t.Case.Sealed = nil
		return nil
	}
	plain, err := cbor.Marshal(t.texts)
	if err != nil {
		return fmt.Errorf("write the texts of case %s: %w", t.Case.ID, err)
	}
	t.Case.Sealed, err = seal.Seal(t.key, plain, purpose(t.Case))
	return err
}

func purpose(c *tracker.Case) string { return "case:" + c.ID }
