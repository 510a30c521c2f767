package simulate

import (
	"slices"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/adapters/detect"
	"waybill/tracker"
)

// endings are the milestones that stories end with.
var endings = map[Kind]tracker.Milestone{
	Delivered: tracker.Delivered, Collected: tracker.Delivered, Returned: tracker.Returned,
}

// meanings are what the scans on which people are told something must be read as, whichever the carrier.
var meanings = map[Kind]tracker.Milestone{
	Label: tracker.InfoReceived, PickedUp: tracker.InTransit, Departed: tracker.InTransit, Local: tracker.InTransit,
	CustomsOut: tracker.InTransit, OnVehicle: tracker.OutForDelivery, StopsAway: tracker.OutForDelivery,
	NobodyHome: tracker.AttemptFailed, AtCounter: tracker.AvailableForPickup, Delivered: tracker.Delivered,
	Collected: tracker.Delivered, SentBack: tracker.Returning,
}

func TestWhatCarriersTellIsReadAsItHappened(t *testing.T) {
	registry, err := adapters.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Population(11, 400, monday) {
		if p.Carrier == Fleet {
			p.Number = tracker.NewTrackingID()
		}
		var events []tracker.Event
		for i := range p.Scans {
			for _, reading := range readTold(t, registry, &p, p.Scans[:i+1], i) {
				events = append(events, reading...)
			}
		}
		state := tracker.FoldEvents(events)
		if want := endings[p.Scans[len(p.Scans)-1].Kind]; state.Milestone != want {
			t.Errorf("%s parcel %d ends as %s (%s), want %s", p.Carrier, p.Index, state.Milestone, state.Substatus, want)
		}
		if last := p.Scans[len(p.Scans)-1].At; state.Since.Known() && state.Since.Instant().Sub(last).Abs().Minutes() > 1 {
			t.Errorf("%s parcel %d ended at %s, read as %s", p.Carrier, p.Index, last, state.Since)
		}
	}
}

// readTold reads what the carrier posts at a scan, as the server does.
func readTold(t *testing.T, registry *adapters.Registry, p *Parcel, told []Scan, fresh int) [][]tracker.Event {
	t.Helper()
	posts, err := Tell(p, told, fresh)
	if err != nil {
		t.Fatal(err)
	}
	var read [][]tracker.Event
	for _, post := range posts {
		reading := registry.Read(&tracker.Receipt{Carrier: post.Carrier, Body: post.Body})
		// UPS has thousands of exception codes: what they mean stands in the status code beside them.
		strange := len(reading.UnknownCodes) > 0 && post.Carrier != UPS
		if len(reading.Faults) > 0 || strange || len(reading.Shipments) == 0 {
			t.Errorf("%s at %s: faults %v, unknown codes %v in\n%s", p.Carrier, told[fresh].Kind, reading.Faults, reading.UnknownCodes, post.Body)
		}
		for i := range reading.Shipments {
			if number := reading.Shipments[i].Number; number != p.Number && number != p.Partner {
				t.Errorf("the number is read as %q, it is %q", number, p.Number)
			}
			if told[fresh].Kind == HandedOver && !slices.Contains(reading.Shipments[i].Partners, tracker.LegKey{Carrier: USPS, Number: p.Partner}) {
				t.Errorf("the partner's number %s is not read", p.Partner)
			}
			for _, event := range reading.Shipments[i].Events {
				want, stated := meanings[told[fresh].Kind]
				if event.Time.Instant().Sub(told[fresh].At).Abs() < time.Minute && stated && event.Milestone() != want {
					t.Errorf("%s at %s: read as %s", post.Carrier, told[fresh].Kind, event.Substatus)
				}
				if event.Substatus == "" && told[fresh].Kind != OnTheRoad {
					t.Errorf("%s: nothing is read of %+v", post.Carrier, event)
				}
			}
			read = append(read, reading.Shipments[i].Events)
		}
	}
	return read
}

func TestNumbersAreOfTheirCarrier(t *testing.T) {
	for _, p := range Population(2, 300, monday) {
		for carrier, number := range map[string]string{p.Carrier: p.Number, USPS: p.Partner} {
			if number == "" {
				continue
			}
			if found := detect.Candidates(number); !slices.ContainsFunc(found, func(c detect.Candidate) bool {
				return c.Carrier == carrier || c.Carrier == "dhl_express" && carrier == DHL
			}) {
				t.Errorf("%s of %s is detected as %v", number, carrier, found)
			}
		}
	}
}
