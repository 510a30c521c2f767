package workers

import (
	"strings"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// expect registers a parcel just before anything is heard of it, and has its scans come in.
func (m *month) expect(p *parcel) {
	m.parcels = append(m.parcels, p)
	m.plan(p.arrivals[0].at.Add(-5*time.Minute), func() { m.register(p) })
	for _, a := range p.arrivals {
		m.plan(a.at, func() {
			var lines []string
			for _, f := range a.facts {
				lines = append(lines, p.number+" "+f.code+" "+f.happened.In(p.zone).Format(time.RFC3339))
			}
			receipt := &tracker.Receipt{Source: tracker.FromWebhook, Carrier: "test", Body: []byte(strings.Join(lines, "\n"))}
			if _, err := m.ingest.Accept(m.t.Context(), receipt); err != nil {
				m.t.Error(err)
			}
		})
	}
}

func (m *month) register(p *parcel) {
	m.t.Helper()
	ctx := m.t.Context()
	shipments, errs := m.ingest.Register(ctx, []tracker.NewShipment{{
		Tenant: "acme", Carrier: "test", Number: p.number, Zone: p.zone.String(), Promise: tracker.Promise{To: p.promise()},
	}})
	if errs[0] != nil {
		m.t.Fatal(errs[0])
	}
	p.id = shipments[0].ID
	m.mu.Lock()
	m.byID[p.id] = p
	m.mu.Unlock()
	desk := notify.NewDesk(m.store, m.keys, time.Now)
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
		address := m.addressOf(p, string(channel))
		if address == "" {
			continue
		}
		s, err := desk.Recipient(ctx, shipments[0], notify.Wish{Channel: channel, Address: address, Consent: "check-out"})
		if err != nil {
			m.t.Fatal(err)
		}
		if channel == tracker.Email {
			m.prefer(p, s, desk)
		}
	}
}

// prefer keeps what a person chose.
func (m *month) prefer(p *parcel, s *tracker.Subscription, desk *notify.Desk) {
	m.t.Helper()
	choice := notify.Choice{Channel: tracker.Email, Daily: p.person.daily}
	if p.person.deliveredAlone {
		choice.Moments = []tracker.Moment{tracker.MomentDelivered}
	}
	if choice.Daily || choice.Moments != nil {
		if err := desk.Choose(m.t.Context(), s.ID, m.keys.Sign(notify.LinkPreferences, s.ID), choice); err != nil {
			m.t.Fatal(err)
		}
	}
	if !p.person.leaves.IsZero() {
		m.plan(p.person.leaves, func() {
			if _, err := desk.End(m.t.Context(), s.ID); err != nil {
				m.t.Error(err)
			}
		})
	}
}

// promise is the evening of the day that it was expected on at first.
func (p *parcel) promise() time.Time {
	if p.expected.IsZero() {
		return time.Time{}
	}
	return p.expected.Add(18 * hour)
}

// addressOf is where a person is reached; "" where it is not.
func (m *month) addressOf(p *parcel, channel string) string {
	switch {
	case channel == "email":
		return strings.ToLower(p.person.mail)
	case channel == "sms" && p.person.sms:
		return "+4915112" + p.number[1:] + "00"
	case channel == "push" && p.person.push:
		return `{"platform":"fcm","token":"invented-token-of-a-device-` + p.number + `"}`
	}
	return ""
}
