package detect

// numericCountries are the countries of DPD's network by the three digits of ISO 3166-1, as its labels have them.
var numericCountries = map[string]string{
	"008": "AL", "020": "AD", "040": "AT", "056": "BE", "070": "BA", "100": "BG", "112": "BY", "124": "CA", "156": "CN", "191": "HR",
	"196": "CY", "203": "CZ", "208": "DK", "233": "EE", "246": "FI", "250": "FR", "268": "GE", "276": "DE", "292": "GI", "300": "GR",
	"344": "HK", "348": "HU", "352": "IS", "356": "IN", "372": "IE", "376": "IL", "380": "IT", "392": "JP", "398": "KZ", "428": "LV",
	"438": "LI", "440": "LT", "442": "LU", "470": "MT", "492": "MC", "498": "MD", "499": "ME", "504": "MA", "528": "NL", "578": "NO",
	"616": "PL", "620": "PT", "642": "RO", "643": "RU", "674": "SM", "688": "RS", "703": "SK", "705": "SI", "710": "ZA", "724": "ES",
	"752": "SE", "756": "CH", "788": "TN", "792": "TR", "804": "UA", "807": "MK", "826": "GB", "831": "GG", "832": "JE", "833": "IM",
	"840": "US",
}
