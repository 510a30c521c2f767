package detect

import "slices"

// Sources: the carriers' public label guides (UPS Guide to Labeling, FedEx
// Ground Label Layout, USPS Publication 199), and the shapes and check digits
// collected in the public data set jkeen/tracking_number_data.

var ups = []format{
	{
		carrier: "ups", courier: "UPS", name: "UPS", mask: "1Z" + x(15) + "#", check: doubled(2), confidence: 0.99,
		shipper: part{2, 8}, service: part{8, 10}, serial: part{10, 17}, services: upsServices,
	},
	{
		carrier: "ups", courier: "UPS", name: "UPS Waybill", mask: "@" + d(10), check: doubled(1), confidence: 0.8,
		service: part{0, 1}, serial: part{1, 10},
	},
	{
		carrier: "ups", courier: "UPS", name: "UPS Mail Innovations", mask: "92748" + d(17), check: gs1,
		confidence: 0.6, shipper: part{5, 14}, serial: part{14, 21},
	},
	{
		carrier: "ups", courier: "UPS", name: "UPS Mail Innovations (MI)", mask: "MI" + d(6) + x(14),
		confidence: 0.7, shipper: part{2, 8}, serial: part{8, 22},
	},
}

// upsServices are words for the service part of a 1Z number.
var upsServices = map[string]string{
	"01": "UPS Next Day Air", "02": "UPS 2nd Day Air", "03": "UPS Ground", "12": "UPS 3 Day Select", "13": "UPS Next Day Air Saver",
	"15": "UPS Next Day Air Early", "22": "UPS Ground Returns Plus", "32": "UPS Next Day Air Early, collect on delivery",
	"33": "UPS Next Day Air Early, Saturday delivery, collect on delivery", "41": "UPS Next Day Air Early, Saturday delivery",
	"42": "UPS Ground, signature required", "44": "UPS Next Day Air, Saturday delivery", "66": "UPS Worldwide Express",
	"72": "UPS Ground, collect on delivery", "78": "UPS Ground Returns Plus", "90": "UPS Ground Returns",
	"A0": "UPS Next Day Air Early, adult signature", "A1": "UPS Next Day Air Early, Saturday delivery, adult signature",
	"A2": "UPS Next Day Air, adult signature", "A8": "UPS Ground, adult signature",
	"A9": "UPS Next Day Air Early, adult signature, collect on delivery",
	"AA": "UPS Next Day Air Early, Saturday delivery, adult signature, collect on delivery",
	"YW": "UPS SurePost, delivered by the United States Postal Service",
}

var fedexes = slices.Concat([]format{
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx Express (12)", mask: d(12), check: fedex(0, 12),
		confidence: 0.65, serial: part{0, 11},
	},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx Express (34)", mask: "1" + d(33), check: fedex(20, 34), confidence: 0.9,
		postal: part{15, 20}, serial: part{20, 33},
	},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx ASTRA (32)", mask: d(32), check: fedex(16, 28),
		confidence: 0.85, serial: part{16, 27},
	},
	{carrier: "fedex", courier: "FedEx", name: "FedEx Ground", mask: d(15), check: gs1, confidence: 0.75, serial: part{0, 14}},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx Ground (SSCC-18)", mask: d(18), check: gs1,
		confidence: 0.5, serial: part{2, 17},
	},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx Ground 96 (22)", mask: "96" + d(20), check: gs1From(7), confidence: 0.95,
		service: part{4, 7}, shipper: part{7, 14}, serial: part{14, 21},
	},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx Ground GSN", mask: "96" + d(32), check: fedex(20, 34),
		confidence: 0.95, serial: part{20, 33},
	},
	{
		carrier: "fedex", courier: "FedEx", name: "FedEx SmartPost", mask: "61" + d(18), check: gs1Under("92"), confidence: 0.7,
		service: part{0, 3}, shipper: part{3, 12}, serial: part{12, 19},
	},
},
	// Its last mile is the postal service's, whose format and routing code it has.
	routed(format{
		carrier: "fedex", courier: "FedEx", name: "FedEx SmartPost", mask: "9261" + d(18), check: gs1, confidence: 0.6,
		service: part{2, 5}, shipper: part{5, 14}, serial: part{14, 21},
	}),
)

const postalService = "United States Postal Service"

var usps = slices.Concat([]format{
	{
		carrier: "usps", courier: postalService, name: "USPS 20", mask: d(20), check: gs1, confidence: 0.6,
		service: part{0, 2}, shipper: part{2, 11}, serial: part{11, 19}, services: uspsServices,
	},
	{
		carrier: "usps", courier: postalService, name: "USPS Legacy", mask: d(20), check: gs1Under("91"), confidence: 0.55,
		service: part{0, 2}, shipper: part{2, 11}, serial: part{11, 19}, services: uspsServices,
	},
},
	routed(format{
		carrier: "usps", courier: postalService, name: "USPS Legacy", mask: "91" + d(20), check: gs1, confidence: 0.95,
		service: part{2, 4}, shipper: part{4, 13}, serial: part{13, 21}, services: uspsServices,
	}),
	// The intelligent mail package barcode of commercial mailers, whose mailer
	// ID has nine digits under 92 and six under 93; serials may be longer.
	impb("USPS IMpb C", "92", 20, part{5, 14}, part{14, 21}, 0.9),
	impb("USPS IMpb C", "93", 20, part{5, 11}, part{11, 21}, 0.95),
	impb("USPS IMpb C", "92", 24, part{5, 14}, part{14, 25}, 0.9),
	impb("USPS IMpb C", "93", 24, part{5, 11}, part{11, 25}, 0.9),
	// The same of labels bought online and over the counter, which name no mailer.
	impb("USPS IMpb N", "94", 20, part{}, part{5, 21}, 0.97),
	impb("USPS IMpb N", "95", 20, part{}, part{5, 21}, 0.97),
)

func impb(name, identifier string, digits int, shipper, serial part, confidence float64) []format {
	return routed(format{
		carrier: "usps", courier: postalService, name: name, mask: identifier + d(digits), check: gs1, confidence: confidence,
		service: part{2, 5}, shipper: shipper, serial: serial, services: uspsTypes,
	})
}

// uspsTypes are words for the service type code of an IMpb, by the sample numbers that the postal service publishes.
var uspsTypes = map[string]string{
	"001": "USPS Tracking", "021": "Signature Confirmation", "033": "Collect on Delivery", "055": "Priority Mail",
	"073": "Certified Mail", "088": "Registered Mail", "701": "Priority Mail Express",
}

// routed gives a format also with the routing code that stands before it in
// the barcode: 420 and the destination's ZIP code of five or nine digits, which
// the check digit leaves out. Longer numbers than the postal service prints
// are left out.
func routed(f format) []format {
	all := []format{f}
	for _, zip := range []int{5, 9} {
		r, route := f, len("420")+zip
		if r.mask = "420" + d(zip) + f.mask; len(r.mask) > 34 {
			continue
		}
		r.check, r.postal = gs1From(route), part{3, 8}
		r.confidence = f.confidence + (1-f.confidence)/4
		r.service, r.shipper, r.serial = f.service.after(route), f.shipper.after(route), f.serial.after(route)
		all = append(all, r)
	}
	return all
}

// uspsServices are words for the service part of the formats before IMpb.
var uspsServices = map[string]string{"71": "Certified Mail", "73": "Insured Mail", "77": "Registered Mail", "81": "Return Receipt for Merchandise"}

var america = []format{
	{
		carrier: "amazon", courier: "Amazon", name: "Amazon Logistics", mask: "TB@" + d(12), oneOf: "ACM", oneAt: 2,
		confidence: 0.98, serial: part{3, 15},
	},
	{
		carrier: "amazon", courier: "Amazon", name: "Amazon International", mask: "C" + d(10),
		confidence: 0.5, serial: part{1, 11},
	},
	{
		carrier: "canadapost", courier: "Canada Post", name: "Canada Post (16)", mask: d(16), check: gs1,
		confidence: 0.7, shipper: part{0, 7}, serial: part{7, 15},
	},
	{
		carrier: "canpar", courier: "Canpar", name: "Canpar (22)", mask: "@" + d(21), oneOf: "CDKLSUXZ",
		confidence: 0.9, service: part{0, 1}, serial: part{1, 22},
	},
	{
		carrier: "purolator", courier: "Purolator", name: "Purolator (12)", mask: d(12), oneOf: "012345", check: luhn,
		confidence: 0.55, serial: part{0, 11},
	},
	{
		carrier: "purolator", courier: "Purolator", name: "Purolator (alpha + 9)", mask: "@@@" + d(9),
		confidence: 0.6, serial: part{3, 12},
	},
	{
		carrier: "gofo", courier: "GOFO Express", name: "GOFO Express (US)", mask: "GFUS" + d(14),
		confidence: 0.97, serial: part{4, 18},
	},
	{
		carrier: "landmark", courier: "Landmark Global LTN", name: "Landmark Global LTN", mask: "LTN" + d(8) + "N#",
		confidence: 0.97, serial: part{3, 11},
	},
	{
		carrier: "landmark", courier: "Landmark Global LTN", name: "Landmark Global LTN", mask: "LTN" + d(9) + "N#",
		confidence: 0.97, serial: part{3, 12},
	},
	{
		carrier: "lasership", courier: "LaserShip", name: "LaserShip LX", mask: "L@" + d(8), oneOf: "AEHINSTWX", oneAt: 1,
		confidence: 0.9, service: part{0, 2}, serial: part{2, 10},
	},
	{
		carrier: "lasership", courier: "LaserShip", name: "LaserShip 1LS7 (15)", mask: "1LS7" + d(11), oneOf: "12", oneAt: 4,
		confidence: 0.97, serial: part{9, 15},
	},
	{
		carrier: "lasership", courier: "LaserShip", name: "LaserShip 1LS7 (18)", mask: "1LS7###01" + d(7) + "1", oneOf: "12", oneAt: 4,
		confidence: 0.97, serial: part{10, 16},
	},
	{
		carrier: "lasership", courier: "LaserShip", name: "LaserShip 1LSCX (15)", mask: "1LSCX@@" + d(7) + "@",
		confidence: 0.97, serial: part{7, 14},
	},
	{
		carrier: "lasership", courier: "OnTrac", name: "OnTrac", mask: "C" + d(14), check: ontrac('4'),
		confidence: 0.97, serial: part{1, 14},
	},
	{
		carrier: "lasership", courier: "OnTrac", name: "OnTrac D", mask: "D" + d(14), check: ontrac('5'),
		confidence: 0.97, serial: part{1, 14},
	},
	{
		carrier: "old_dominion", courier: "Old Dominion Freight Line", name: "Old Dominion", mask: "072" + d(8), check: luhn,
		confidence: 0.7, serial: part{0, 10},
	},
	{
		carrier: "old_dominion", courier: "Old Dominion Freight Line", name: "Old Dominion", mask: "77" + d(9), oneOf: "78", oneAt: 2, check: luhn,
		confidence: 0.7, serial: part{0, 10},
	},
	{
		carrier: "old_dominion", courier: "Old Dominion Freight Line", name: "Old Dominion", mask: "780" + d(8), check: luhn,
		confidence: 0.7, serial: part{0, 10},
	},
	{
		carrier: "old_dominion", courier: "Old Dominion Freight Line", name: "Old Dominion Guaranteed Shipment", mask: "80" + d(9), check: luhn,
		confidence: 0.65, serial: part{0, 10},
	},
	{
		carrier: "speedee", courier: "Spee-Dee Delivery", name: "Spee-Dee (20)", mask: "SP" + d(18),
		confidence: 0.95, serial: part{2, 20},
	},
}
