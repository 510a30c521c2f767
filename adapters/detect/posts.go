package detect

import "strings"

// isoCountries are the codes of ISO 3166-1 alpha-2, with a space before each.
const isoCountries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"

func isCountry(code string) bool {
	return len(code) == 2 && code[0] >= 'A' && code[1] >= 'A' && strings.Contains(isoCountries, code)
}

// post is a country's designated operator: the code of our adapter and its name.
func post(country string) (carrier, name string) {
	p, ok := posts[country]
	switch {
	case !ok:
		return "s10_" + strings.ToLower(country), "Post of " + country
	case p.carrier == "":
		return "s10_" + strings.ToLower(country), p.name
	}
	return p.carrier, p.name
}

// posts are the designated operators by country; those without a carrier have
// no adapter of their own.
var posts = map[string]struct{ carrier, name string }{
	"AE": {"", "Emirates Post"}, "AM": {"", "Haypost"}, "AR": {"", "Correo Argentino"}, "AT": {"", "Österreichische Post"},
	"AU": {"auspost", "Australia Post"}, "AZ": {"", "Azerpoct"}, "BA": {"", "BH Pošta"}, "BD": {"", "Bangladesh Post"},
	"BE": {"bpost", "bpost"}, "BG": {"", "Bulgarian Posts"}, "BR": {"", "Correios"}, "BY": {"", "Belpochta"},
	"CA": {"canadapost", "Canada Post"}, "CH": {"", "Swiss Post"}, "CL": {"", "Correos Chile"}, "CN": {"", "China Post"},
	"CO": {"", "4-72"}, "CR": {"", "Correos de Costa Rica"}, "CV": {"", "Correios de Cabo Verde"}, "CY": {"", "Cyprus Post"},
	"CZ": {"", "Česká pošta"}, "DE": {"dhl_parcel_de", "Deutsche Post DHL"}, "DK": {"", "PostNord Danmark"}, "DZ": {"", "Algérie Poste"},
	"EE": {"", "Omniva"}, "EG": {"", "Egypt Post"}, "ES": {"", "Correos"}, "FI": {"", "Posti"}, "FR": {"laposte", "La Poste"},
	"GB": {"royalmail", "Royal Mail"}, "GE": {"", "Georgian Post"}, "GR": {"", "ELTA"}, "HK": {"", "Hongkong Post"},
	"HR": {"", "Hrvatska pošta"}, "HU": {"", "Magyar Posta"}, "ID": {"", "Pos Indonesia"}, "IE": {"", "An Post"},
	"IL": {"", "Israel Post"}, "IN": {"", "India Post"}, "IR": {"", "Iran Post"}, "IS": {"", "Pósturinn"}, "IT": {"", "Poste Italiane"},
	"JE": {"", "Jersey Post"}, "JO": {"", "Jordan Post"}, "JP": {"", "Japan Post"}, "KE": {"", "Posta Kenya"}, "KR": {"", "Korea Post"},
	"KZ": {"", "Kazpost"}, "LB": {"", "LibanPost"}, "LI": {"", "Liechtensteinische Post"}, "LK": {"", "Sri Lanka Post"},
	"LT": {"", "Lietuvos paštas"}, "LU": {"", "POST Luxembourg"}, "LV": {"", "Latvijas Pasts"}, "MA": {"", "Barid Al-Maghrib"},
	"MC": {"", "La Poste Monaco"}, "MD": {"", "Poșta Moldovei"}, "MO": {"", "CTT Macau"}, "MT": {"", "MaltaPost"},
	"MX": {"", "Correos de México"}, "MY": {"", "Pos Malaysia"}, "NG": {"", "NIPOST"}, "NL": {"postnl", "PostNL"},
	"NO": {"", "Posten Norge"}, "NZ": {"", "NZ Post"}, "PE": {"", "Serpost"}, "PH": {"", "PHLPost"}, "PK": {"", "Pakistan Post"},
	"PL": {"", "Poczta Polska"}, "PT": {"", "CTT Correios"}, "QA": {"", "Qatar Post"}, "RO": {"", "Poșta Română"},
	"RS": {"", "Pošta Srbije"}, "RU": {"", "Russian Post"}, "SA": {"", "SPL Saudi Post"}, "SE": {"", "PostNord Sverige"},
	"SG": {"", "Singapore Post"}, "SI": {"", "Pošta Slovenije"}, "SK": {"", "Slovenská pošta"}, "TH": {"", "Thailand Post"},
	"TN": {"", "La Poste Tunisienne"}, "TR": {"", "PTT"}, "TW": {"", "Chunghwa Post"}, "UA": {"", "Ukrposhta"},
	"US": {"usps", postalService}, "UY": {"", "Correo Uruguayo"}, "UZ": {"", "Uzbekiston Pochtasi"}, "VN": {"", "Vietnam Post"},
	"ZA": {"", "South African Post Office"},
}
