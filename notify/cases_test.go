package notify

import (
	"strings"
	"testing"

	"waybill/tracker"
)

func TestTheRecipientIsToldOnceThatACaseWentOn(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	c := &tracker.Case{ID: "case_1", Shipment: o.shipment.ID, Entries: make([]tracker.CaseEntry, 2)}
	for range 2 { // as after a crash
		if err := o.desk.CaseNews(t.Context(), o.shipment, c); err != nil {
			t.Fatal(err)
		}
	}
	messages, err := tracker.LoadList[tracker.Message](t.Context(), o.store, tracker.ListOfShipment(o.shipment.ID), tracker.Page{Limit: 10})
	if err != nil || len(messages) != 1 || messages[0].Moment != tracker.MomentCaseUpdate {
		t.Fatalf("%v: decided %+v", err, messages)
	}
	o.scan("delivered", "Mon 09:30") // the answer is news wherever the parcel is
	if m := o.send(messages[0].ID); m.State != tracker.MessageSent {
		t.Fatalf("%s: %s", m.State, m.Reason)
	}
	mail := o.email.sent[0].Content
	if !strings.Contains(mail.Text, "#cases") || !strings.Contains(mail.Subject, "Neues zu Ihrer Meldung") {
		t.Errorf("the mail says %q:\n%s", mail.Subject, mail.Text)
	}
	c.Entries = append(c.Entries, tracker.CaseEntry{})
	if err := o.desk.CaseNews(t.Context(), o.shipment, c); err != nil {
		t.Fatal(err)
	}
	if n, err := o.store.Count(t.Context(), tracker.Messages, tracker.ListOfShipment(o.shipment.ID), 10); err != nil || n != 2 {
		t.Errorf("%v: after another answer %d messages", err, n)
	}
}

func TestWhoChoseNotToBeToldOfCases(t *testing.T) {
	o := newOffice(t)
	_, err := o.desk.Recipient(t.Context(), o.shipment, Wish{
		Channel: tracker.Email, Address: "ada@example.com", Consent: "check-out", Moments: []tracker.Moment{tracker.MomentDelivered},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.desk.CaseNews(t.Context(), o.shipment, &tracker.Case{ID: "case_1"}); err != nil {
		t.Fatal(err)
	}
	if n, err := o.store.Count(t.Context(), tracker.Messages, tracker.ListOfShipment(o.shipment.ID), 10); err != nil || n != 0 {
		t.Errorf("%v: %d messages", err, n)
	}
}
