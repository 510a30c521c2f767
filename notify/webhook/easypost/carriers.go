package easypost

import (
	"maps"
	"strings"
	"unicode"
)

// names are the carriers whose names EasyPost writes in its own way; the others bear our codes.
var names = map[string]string{
	"amazon": "AmazonShipping", "aramex": "Aramex", "asendia": "Asendia", "asendia_us": "AsendiaUsa", "auspost": "AustraliaPost",
	"canadapost": "CanadaPost", "canpar": "Canpar", "chronopost": "Chronopost", "colissimo": "Colissimo", "dhl_ecommerce": "DhlEcs",
	"dhl_express": "DHLExpress", "dhl_parcel_de": "DHLPaket", "dicom": "Dicom", "dpd": "DPD", "fedex": "FedEx", "gls": "GLS",
	"hermes": "Evri", "lasership": "LaserShip", "parcelone": "ParcelOne", "postnl": "PostNL", "purolator": "Purolator",
	"royalmail": "RoyalMail", "seko": "SekoOmniParcel", "sendle": "Sendle", "sfexpress": "SFExpress", "smartkargo": "SmartKargo",
	"tnt": "TNTExpress", "ups": "UPS", "usps": "USPS", "veho": "Veho", "yanwen": "Yanwen",
}

// others are names by which EasyPost knows services and accounts of a carrier; written they are the carrier's own.
var others = map[string]string{
	"amazonmws": "amazon", "dhlecommerce": "dhl_ecommerce", "dhlglobalmail": "dhl_ecommerce", "dpduk": "dpd",
	"evri": "hermes", "fedexdefault": "fedex", "fedexmailview": "fedex", "fedexsamedaycity": "fedex", "fedexsmartpost": "fedex",
	"glsus": "gls", "hermes": "hermes", "lasershipv2": "lasership", "upsdap": "ups", "upsiparcel": "ups",
	"upsmailinnovations": "ups", "upssurepost": "ups", "uspsshipaccount": "usps",
}

// codes are our codes by EasyPost's names, folded.
var codes = func() map[string]string {
	all := maps.Clone(others)
	for code, name := range names {
		all[folded(name)] = code
	}
	return all
}()

// CarrierName is how EasyPost calls a carrier of ours.
func CarrierName(code string) string {
	if name, ok := names[code]; ok {
		return name
	}
	return code
}

// CarrierCode is our code for what EasyPost's clients write; what is not known is taken for a code of ours.
func CarrierCode(name string) string {
	if code, ok := codes[folded(name)]; ok {
		return code
	}
	return strings.ToLower(strings.TrimSpace(name))
}

func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
