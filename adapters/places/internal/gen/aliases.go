package main

// countryAliases are names that carriers write beside the ISO codes and the
// English name.
var countryAliases = map[string][]string{
	"AE": {"UAE"}, "AT": {"Österreich"}, "BE": {"België", "Belgique"}, "BO": {"Bolivia, Plurinational State of"},
	"BR": {"Brasil"}, "CD": {"Congo, The Democratic Republic of the"}, "CG": {"Congo"}, "CI": {"Côte d'Ivoire"},
	"CH": {"Schweiz", "Suisse"}, "CN": {"People's Republic of China", "China, People's Republic"}, "CV": {"Cape Verde"},
	"CZ": {"Czech Republic", "Czech Republic, The"}, "DE": {"Deutschland"}, "DK": {"Danmark"}, "ES": {"España"},
	"FI": {"Suomi"}, "GB": {"UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Great Britain (UK)"},
	"GR": {"EL", "Hellas"}, "HK": {"Hong Kong SAR China", "Hong Kong SAR"}, "IE": {"Republic of Ireland", "Ireland, Republic of"},
	"IR": {"Iran, Islamic Republic of"}, "IT": {"Italia"}, "KR": {"Korea, Republic of", "Republic of Korea", "Korea", "Korea, South"},
	"LA": {"Lao People's Democratic Republic"}, "MD": {"Moldova, Republic of"}, "MK": {"Macedonia"}, "MO": {"Macau"},
	"MM": {"Burma"}, "MX": {"México"}, "NL": {"Netherlands", "Holland", "Nederland", "Pays-Bas"}, "NO": {"Norge"},
	"PH": {"Philippines, The"}, "PL": {"Polska"}, "PS": {"Palestine"}, "RU": {"Russian Federation"}, "SE": {"Sverige"},
	"SK": {"Slovak Republic"}, "SY": {"Syrian Arab Republic"}, "SZ": {"Swaziland"}, "TL": {"East Timor"}, "TR": {"Türkiye"},
	"TW": {"Taiwan, Province of China", "Chinese Taipei"}, "TZ": {"Tanzania, United Republic of"},
	"US": {"United States of America", "U.S.A.", "U.S."}, "VA": {"Holy See"}, "VE": {"Venezuela, Bolivarian Republic of"},
	"VI": {"Virgin Islands, U.S."}, "VN": {"Viet Nam"},
}

// regionAliases are, by GeoNames' code of a region, the codes of ISO 3166-2
// where GeoNames has its own, and other names in use.
var regionAliases = map[string][]string{
	"CA.01": {"AB"}, "CA.02": {"BC"}, "CA.03": {"MB"}, "CA.04": {"NB"}, "CA.05": {"NL", "NF", "Newfoundland"}, "CA.07": {"NS"},
	"CA.08": {"ON"}, "CA.09": {"PE", "PEI"}, "CA.10": {"QC", "PQ"}, "CA.11": {"SK"}, "CA.12": {"YT", "Yukon Territory"},
	"CA.13": {"NT", "NWT"}, "CA.14": {"NU"},
	"AU.01": {"ACT"}, "AU.02": {"NSW"}, "AU.03": {"NT"}, "AU.04": {"QLD"}, "AU.05": {"SA"}, "AU.06": {"TAS"}, "AU.07": {"VIC"},
	"AU.08": {"WA"},
	"BR.01": {"AC"}, "BR.02": {"AL"}, "BR.03": {"AP"}, "BR.04": {"AM"}, "BR.05": {"BA"}, "BR.06": {"CE"}, "BR.07": {"DF", "Distrito Federal"},
	"BR.08": {"ES"}, "BR.11": {"MS"}, "BR.13": {"MA"}, "BR.14": {"MT"}, "BR.15": {"MG"}, "BR.16": {"PA"}, "BR.17": {"PB"},
	"BR.18": {"PR"}, "BR.20": {"PI"}, "BR.21": {"RJ"}, "BR.22": {"RN"}, "BR.23": {"RS"}, "BR.24": {"RO"}, "BR.25": {"RR"},
	"BR.26": {"SC"}, "BR.27": {"SP"}, "BR.28": {"SE"}, "BR.29": {"GO"}, "BR.30": {"PE"}, "BR.31": {"TO"},
	"MX.01": {"AGU", "AG"}, "MX.02": {"BCN", "BC"}, "MX.03": {"BCS", "BS"}, "MX.04": {"CAM", "CM"}, "MX.05": {"CHP", "CS"},
	"MX.06": {"CHH", "CH"}, "MX.07": {"COA", "CO", "Coahuila de Zaragoza"}, "MX.08": {"COL", "CL"}, "MX.09": {"CMX", "DF", "CDMX", "Ciudad de México", "Distrito Federal"},
	"MX.10": {"DUR", "DG"}, "MX.11": {"GUA", "GT"}, "MX.12": {"GRO", "GR"}, "MX.13": {"HID", "HG"}, "MX.14": {"JAL", "JA"},
	"MX.15": {"MEX", "EM", "Estado de México"}, "MX.16": {"MIC", "MI"}, "MX.17": {"MOR", "MO"}, "MX.18": {"NAY", "NA"},
	"MX.19": {"NLE", "NL"}, "MX.20": {"OAX", "OA"}, "MX.21": {"PUE", "PU"}, "MX.22": {"QUE", "QT"}, "MX.23": {"ROO", "QR"},
	"MX.24": {"SLP", "SL"}, "MX.25": {"SIN", "SI"}, "MX.26": {"SON", "SO"}, "MX.27": {"TAB", "TB"}, "MX.28": {"TAM", "TM"},
	"MX.29": {"TLA", "TL"}, "MX.30": {"VER", "VE"}, "MX.31": {"YUC", "YU"}, "MX.32": {"ZAC", "ZA"},
	"US.DC": {"District of Columbia", "Washington DC"},
}

// umlauts are the countries where a machine that knows no accents writes two
// letters ("Muenster"); GeoNames lists such spellings for large cities only.
var umlauts = map[string]bool{"DE": true, "AT": true, "CH": true, "DK": true, "NO": true, "SE": true, "FI": true}
