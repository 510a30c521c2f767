package x12

import (
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
)

// remark reads a K1: words about the status before it. Who signed is told in them too ("SIGNED BY …"), also before the
// loops; a name is kept apart from the words.
func (r *reading) remark(seg segment) {
	text, signer := mapping.WithoutSigner(strings.TrimSpace(seg.at(1) + " " + seg.at(2)))
	if signer != "" && r.begun {
		r.loop.signer = signer
	} else if signer != "" {
		r.signer = signer
	}
	r.say(text)
}

// exception reads a Q7, what is wrong with the goods of the status before it: code (element 33), packaging, quantity. That
// they are damaged refines a status that tells of trouble; all codes are kept in the words.
func (r *reading) exception(seg segment) {
	if r.loop.told == 0 || seg.at(1) == "" {
		return
	}
	r.say(strings.Join(strings.Fields("lading exception "+seg.at(1)+" "+seg.at(3)+" "+seg.at(2)), " "))
	if event := &r.loop.events[r.loop.told-1]; seg.at(1) == "D" {
		event.Substatus = edi.Refine(event.Substatus, "damaged")
	}
}

// say adds words to the event of the status that was read last.
func (r *reading) say(text string) {
	if r.loop.told == 0 || text == "" {
		return
	}
	event := &r.loop.events[r.loop.told-1]
	if event.Text != "" {
		event.Text += "; "
	}
	event.Text += text
}
