package detect

import "slices"

var dhl = []format{
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express", mask: d(10), check: mod7,
		confidence: 0.6, serial: part{0, 9},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express", mask: d(11), check: mod7,
		confidence: 0.2, serial: part{0, 10},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express (Piece ID)", mask: "J@@" + d(9),
		confidence: 0.6, serial: part{3, 12},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express (Piece ID)", mask: "J@@" + d(10),
		confidence: 0.8, serial: part{3, 13},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express (Piece ID)", mask: "J@@@" + d(9),
		confidence: 0.8, serial: part{4, 13},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express (Piece ID)", mask: "J@@@" + d(10),
		confidence: 0.8, serial: part{4, 14},
	},
	{
		carrier: "dhl_express", courier: "DHL", name: "DHL Express (licence plate)", mask: "JD01" + d(16),
		confidence: 0.85, serial: part{2, 20},
	},
	{
		carrier: "dhl_parcel_de", courier: "DHL", name: "DHL Paket (licence plate)", mask: "JJD" + d(18),
		confidence: 0.85, serial: part{3, 21},
	},
	{
		carrier: "dhl_parcel_de", courier: "DHL", name: "DHL Paket (20)", mask: "00340434" + d(12), check: gs1,
		confidence: 0.95, serial: part{8, 19},
	},
	{
		carrier: "dhl_parcel_de", courier: "DHL", name: "DHL Paket (Identcode)", mask: d(12), check: identcode,
		confidence: 0.3, serial: part{0, 11},
	},
}

// dhlECommerce are the numbers of DHL eCommerce: GM and 16 to 20 digits or letters, or the two letters of a Global Mail
// gateway and digits, as many as its partners print; and 14 digits, mostly of two ranges.
var dhlECommerce = slices.Concat(
	lengths(format{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce", begins: "GM", confidence: 0.85}, 16, 20, x),
	lengths(format{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce", begins: "GM", confidence: 0.8}, 21, 24, d),
	lengths(format{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce", begins: "GM", confidence: 0.8}, 10, 15, d),
	lengths(format{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce", begins: "LX RX UV CN SG TH IN HK MY", confidence: 0.4}, 10, 20, d),
	[]format{
		{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce (14)", mask: "6012" + d(10), confidence: 0.5, serial: part{4, 14}},
		{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce (14)", mask: "5108" + d(10), confidence: 0.5, serial: part{4, 14}},
		{carrier: "dhl", courier: "DHL", name: "DHL E-Commerce (14)", mask: d(14), noneOf: "6012 5108", confidence: 0.2, serial: part{0, 14}},
	},
)

// lengths gives a format with two letters in front each length of what is behind them.
func lengths(f format, from, to int, rest func(int) string) []format {
	var all []format
	for n := from; n <= to; n++ {
		f.mask, f.serial = "@@"+rest(n), part{2, 2 + n}
		all = append(all, f)
	}
	return all
}

var europe = []format{
	{
		carrier: "dpd", courier: "DPD", name: "DPD (28)", mask: d(27) + "*", check: mod3736,
		confidence: 0.95, postal: part{0, 7}, depot: part{7, 11}, serial: part{11, 21}, service: part{21, 24}, services: dpdServices,
		destination: part{24, 27},
	},
	{
		carrier: "dpd", courier: "DPD", name: "DPD (14)", mask: d(14) + "*", check: mod3736,
		confidence: 0.85, depot: part{0, 4}, serial: part{4, 14},
	},
	{
		carrier: "dpd", courier: "DPD", name: "DPD (14, no check character)", mask: d(14),
		confidence: 0.3, depot: part{0, 4}, serial: part{4, 14},
	},
	{carrier: "gls", courier: "GLS", name: "GLS (11)", mask: d(11), confidence: 0.25, serial: part{0, 11}},
	{carrier: "gls", courier: "GLS", name: "GLS (12)", mask: d(12), confidence: 0.15, serial: part{0, 11}},
	{
		carrier: "hermes", courier: "Hermes / Evri", name: "Hermes (H + 19)", mask: "H" + d(19),
		confidence: 0.9, serial: part{1, 20},
	},
	{carrier: "hermes", courier: "Hermes / Evri", name: "Evri (16)", mask: d(16), confidence: 0.25, serial: part{0, 16}},
	{carrier: "yodel", courier: "Yodel", name: "Yodel", mask: "JD" + d(16), confidence: 0.9, serial: part{2, 18}},
	{carrier: "yodel", courier: "Yodel", name: "Yodel", mask: "JJD" + d(16), confidence: 0.9, serial: part{3, 19}},
	{
		carrier: "royalmail", courier: "Royal Mail", name: "Royal Mail (unique item ID)", mask: "0" + d(14) + x(6),
		confidence: 0.7, serial: part{0, 21},
	},
	{
		carrier: "postnl", courier: "PostNL", name: "PostNL (3S, 13)", mask: "3S@@@@" + d(7),
		confidence: 0.95, shipper: part{2, 6}, serial: part{6, 13},
	},
	{
		carrier: "postnl", courier: "PostNL", name: "PostNL (3S, 15)", mask: "3S@@@@" + d(9),
		confidence: 0.95, shipper: part{2, 6}, serial: part{6, 15},
	},
	{carrier: "bpost", courier: "bpost", name: "bpost (24)", mask: "323" + d(21), confidence: 0.85, serial: part{3, 24}},
	{
		carrier: "laposte", courier: "La Poste", name: "Colissimo (13)", mask: "#@" + d(11), oneOf: "56789",
		confidence: 0.75, service: part{0, 2}, serial: part{2, 13},
	},
	{
		carrier: "chronopost", courier: "Chronopost", name: "Chronopost", mask: "X@" + d(9) + "FR", check: postal,
		confidence: 0.97, service: part{0, 2}, serial: part{2, 10},
	},
	{carrier: "tnt", courier: "TNT", name: "TNT", mask: "GE" + d(9) + "GB", confidence: 0.85, serial: part{2, 11}},
	{carrier: "tnt", courier: "TNT", name: "TNT", mask: "GD" + d(9) + "WW", confidence: 0.9, serial: part{2, 11}},
}

// dpdServices are words for the commoner service codes of a DPD label.
var dpdServices = map[string]string{
	"101": "DPD Classic", "102": "DPD Classic, hazardous goods", "105": "DPD Classic, ex works", "109": "DPD Classic, cash on delivery",
	"113": "DPD Classic, exchange", "136": "DPD Classic, small parcel", "154": "DPD Parcelletter", "155": "DPD Guarantee",
	"161": "DPD Guarantee, cash on delivery", "179": "DPD 10:00", "191": "DPD 10:00, cash on delivery", "225": "DPD 12:00",
	"237": "DPD 12:00, cash on delivery", "327": "DPD B2C", "350": "DPD 8:30",
}

// logisticUnits are GS1's serial shipping container codes, under which EPCIS tells of pallets and parcels: an extension
// digit, the company prefix, whose length nothing in the number tells, a serial reference, the check digit.
var logisticUnits = []format{
	{
		carrier: "epcis", courier: "GS1 logistic unit", name: "SSCC", mask: d(18), check: gs1,
		confidence: 0.4, shipper: part{1, 8}, serial: part{8, 17},
	},
	{
		carrier: "epcis", courier: "GS1 logistic unit", name: "SSCC", mask: "00" + d(18), check: gs1,
		confidence: 0.65, shipper: part{3, 10}, serial: part{10, 19},
	},
}

var asia = []format{
	{
		carrier: "auspost", courier: "Australia Post", name: "Australia Post (12)", mask: d(12),
		confidence: 0.1, serial: part{0, 12},
	},
	{carrier: "aramex", courier: "Aramex", name: "Aramex (11)", mask: d(11), confidence: 0.15, serial: part{0, 11}},
	{
		carrier: "sfexpress", courier: "SF Express", name: "SF Express", mask: "SF" + d(13),
		confidence: 0.97, serial: part{2, 15},
	},
	{carrier: "cainiao", courier: "Cainiao", name: "Cainiao (LP)", mask: "LP" + d(14), confidence: 0.9, serial: part{2, 16}},
	{carrier: "fourpx", courier: "4PX", name: "4PX", mask: "4PX" + d(13) + "CN", confidence: 0.97, serial: part{3, 16}},
	{
		carrier: "yunexpress", courier: "YunExpress", name: "YunExpress", mask: "YT" + d(16),
		confidence: 0.95, serial: part{2, 18},
	},
	{
		carrier: "yanwen", courier: "Yanwen", name: "Yanwen", mask: "U@" + d(9) + "YP", check: postal,
		confidence: 0.95, serial: part{2, 10},
	},
}
