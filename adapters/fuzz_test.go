package adapters

import (
	"io/fs"
	"testing"

	"waybill/tracker"
)

// FuzzRead feeds every carrier's mapping, and the fleet's reader, anything. A payload is read or it has faults; no
// shipment without a number and no status that the model does not have gets through unsaid.
func FuzzRead(f *testing.F) {
	r := registry(f)
	for _, code := range r.Codes() {
		files, err := examplePayloads(code, r.builtIn.folders[code])
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			body, err := fs.ReadFile(r.builtIn.folders[code], file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(code, body)
		}
	}
	f.Add(tracker.FleetCarrier, []byte(`[{"code":"x","action":"delivered","at":"2026-01-02T03:04:05Z"}]`))
	f.Fuzz(func(t *testing.T, carrier string, body []byte) {
		// Some answers do not repeat the number; the question has it.
		reading := r.Read(&tracker.Receipt{Carrier: carrier, Number: "ASKED1", Body: body})
		if len(reading.Shipments)+len(reading.Errors)+len(reading.Faults) == 0 {
			// A well-formed document of the format that tells of nothing is not a fault.
			return
		}
		for _, s := range reading.Shipments {
			if s.Number == "" && len(reading.Faults) == 0 {
				t.Error("a shipment without a number, and not a word about it")
			}
			for i := range s.Events {
				if _, _, err := tracker.ParseStatus(string(s.Events[i].Substatus)); err != nil && s.Events[i].Substatus != "" {
					t.Error(err)
				}
			}
		}
		r.ReadDocument("f", carrier, body)
		r.Explain(carrier, body)
	})
}
