package adapters

import (
	"waybill/adapters/fleet"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// fleetVersion changes with whatever makes package fleet read the same scan otherwise.
const fleetVersion = fleet.Version

// Read reads a receipt. Its format is recognised from its content among those of the receipt's carrier: an account may
// post any of them, replies to a poll too.
func (r *Registry) Read(receipt *tracker.Receipt) tracker.Reading {
	if receipt.Carrier == tracker.FleetCarrier {
		return fleet.Read(receipt.Body)
	}
	if standard, ok := r.standards[receipt.Carrier]; ok {
		return standard.Read(receipt.Body)
	}
	tree, done := r.tree()
	defer done()
	format, err := r.current.Load().recognise(receipt.Carrier, receipt.Body, tree)
	if err != nil {
		return tracker.Reading{Carrier: receipt.Carrier, Faults: []tracker.Fault{*err}}
	}
	return format.Asked(receipt.Number).Read(tree, nil)
}

// tree lends a tree from the pool; done gives it back.
func (r *Registry) tree() (tree *mapping.Tree, done func()) {
	tree, _ = r.trees.Get().(*mapping.Tree)
	return tree, func() {
		tree.Forget()
		r.trees.Put(tree)
	}
}

// Recognise finds the carrier and format of a payload from its content alone; !ok where none fits.
func (r *Registry) Recognise(body []byte) (carrier, format string, ok bool) {
	all := r.current.Load()
	for _, code := range all.codes {
		if standard, ok := r.standards[code]; ok && standard.Recognise(body) {
			return standard.Carrier, standard.Name, true
		}
	}
	tree, done := r.tree()
	defer done()
	found, err := all.recognise("", body, tree)
	if err != nil {
		return "", "", false
	}
	return found.Carrier().Code, found.Name(), true
}

// CarrierOf is whose payload it is, from its content alone, the in-house fleet's too; "" where none fits.
func (r *Registry) CarrierOf(body []byte) string {
	if carrier, _, ok := r.Recognise(body); ok {
		return carrier
	}
	if len(fleet.Read(body).Shipments) > 0 {
		return tracker.FleetCarrier
	}
	return ""
}

// recognise decodes a payload and finds its format: among one carrier's and those of its house, or for carrier ""
// among all.
func (c *catalogue) recognise(carrier string, body []byte, tree *mapping.Tree) (mapping.Format, *tracker.Fault) {
	candidates := c.candidates(carrier)
	if len(candidates) == 0 {
		return mapping.Format{}, &tracker.Fault{What: "carrier " + carrier + " is not known"}
	}
	syntax, err := tree.Decode(body)
	if err != nil {
		return mapping.Format{}, &tracker.Fault{What: err.Error()}
	}
	for _, candidate := range candidates {
		candidate.Unwrap(tree)
	}
	var best mapping.Format
	most := 0
	if carrier == "" {
		most = mapping.Guess
	}
	for _, candidate := range candidates {
		if format, weight := candidate.Recognise(tree, syntax); weight > most {
			best, most = format, weight
		}
	}
	if best.Name() != "" {
		return best, nil
	}
	what := "the payload is " + string(syntax) + " of no known format"
	if carrier != "" {
		what = "the payload is " + string(syntax) + " in none of the formats of " + carrier
	}
	fault := &tracker.Fault{What: what}
	if len(tree.Faults) > 0 {
		fault.Where, fault.What = tree.Faults[0].Where, what+": "+tree.Faults[0].What
	}
	return mapping.Format{}, fault
}

func (c *catalogue) candidates(carrier string) []*mapping.Carrier {
	codes := c.codes
	if carrier != "" {
		codes = []string{carrier}
		if one := c.carriers[carrier]; one != nil {
			codes = append(codes, one.AlsoReads...)
		}
	}
	list := make([]*mapping.Carrier, 0, len(codes))
	for _, code := range codes {
		if one := c.carriers[code]; one != nil {
			list = append(list, one)
		}
	}
	return list
}
