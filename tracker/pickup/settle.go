package pickup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// scan is a scan of the fleet, as docs/fleet.md describes it.
type scan struct {
	ID       string    `json:"id"`
	Device   string    `json:"device"`
	Code     string    `json:"code"`
	Action   string    `json:"action"`
	At       string    `json:"at"`
	Facility string    `json:"facility"`
	Location *location `json:"location"`
	Note     string    `json:"note,omitempty"`
	Pickup   *place    `json:"pickup,omitempty"`
}

type location struct {
	City    string  `json:"city,omitempty"`
	Country string  `json:"country,omitempty"`
	Lat     float32 `json:"lat"`
	Lon     float32 `json:"lon"`
}

type place struct {
	Name  string `json:"name"`
	Hours string `json:"hours,omitempty"`
	Code  string `json:"code,omitempty"`
}

// tell puts the scan of a stay's change beside it, sealed, to be taken in by settle.
func (d *Desk) tell(s *tracker.PickupStay, p *tracker.PickupPoint, what scan) error {
	now := d.Now()
	what.ID, what.Device, what.Code, what.Facility = s.ID+"/"+what.Action+"/"+p.ID, "pickup", s.Shipment, p.ID
	what.At = now.UTC().Format(time.RFC3339)
	what.Location = &location{City: p.Address.City, Country: p.Address.Country, Lat: p.Point.Lat, Lon: p.Point.Lon}
	body, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("write the scan of stay %s: %w", s.ID, err)
	}
	s.Untold, err = d.Keys.Envelope(body, "stay:"+s.ID)
	s.UntoldAt = now.UTC().Add(untoldFor)
	return err
}

// settle brings the scan of a stay's last change in, frees its place where it is over, and then forgets the scan. It may be
// done twice: the scan is the same one then.
func (d *Desk) settle(ctx context.Context, s *tracker.PickupStay) error {
	if len(s.Untold) == 0 {
		return nil
	}
	body, err := d.Keys.OpenEnvelope(s.Untold, "stay:"+s.ID)
	if err != nil {
		return fmt.Errorf("open the scan of stay %s: %w", s.ID, err)
	}
	_, err = d.Ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromFleet, Carrier: tracker.FleetCarrier, Account: "pickup", ContentType: "application/json", Body: body,
	})
	if err != nil {
		return fmt.Errorf("take in the scan of stay %s: %w", s.ID, err)
	}
	if s.Over() {
		if err := d.free(ctx, s); err != nil {
			return err
		}
	}
	version := s.Version()
	after, err := d.changeStay(ctx, s.ID, func(now *tracker.PickupStay) error {
		if now.Version() != version {
			return nil // changed since, with a scan of its own
		}
		now.Untold, now.UntoldAt = nil, time.Time{}
		return nil
	})
	if err == nil {
		*s = *after
	}
	return err
}

// Look does what time asks of a stay: a reservation that ended is released, a parcel that nobody collected goes back, and
// what a crash left untold is told.
func (d *Desk) Look(ctx context.Context, stay string) error {
	s, err := tracker.Load[tracker.PickupStay](ctx, d.Store, stay)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.settle(ctx, s); err != nil || d.Now().Before(s.Until) {
		return err
	}
	switch s.State {
	case tracker.StayReserved:
		_, err = d.Release(ctx, stay)
	case tracker.StayWaiting:
		err = d.sendBack(ctx, s)
	case tracker.StayCollected, tracker.StayOverdue, tracker.StayTakenOut, tracker.StayReleased:
	}
	return err
}

// sendBack has a parcel that nobody collected go back. It is there until a courier takes it out, but no code opens it.
func (d *Desk) sendBack(ctx context.Context, s *tracker.PickupStay) error {
	_, err := d.Change(ctx, s.Point, func(p *tracker.PickupPoint) error {
		if i := holdOf(p, s.ID); i >= 0 {
			p.Holds[i].Code = ""
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = d.end(ctx, s.ID, tracker.StayOverdue, scan{Action: "returning", Note: "Not collected in time"}, tracker.StayWaiting)
	return err
}
