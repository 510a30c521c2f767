package main

// corrections are, by the zone that is right, cities (by GeoNames' id) for
// which GeoNames gives a zone with other clocks. They were found by comparing
// every city with the map of timezone-boundary-builder, and kept for the
// countries in which tz's own list of zones bears the map out.
var corrections = map[string][]int{
	"America/Bahia_Banderas":    {3985572, 3985912, 4029304, 4029308, 4029309, 4029337}, // Lo de Marcos, San Juan de Abajo, El Colomo, San José del Valle, El Porvenir, Las Jarretaderas
	"America/Ciudad_Juarez":     {3986685, 3988043, 3998364},                            // San Isidro, Samalayuca, Loma Blanca
	"America/Cuiaba":            {3465999, 3471834},                                     // Cocalinho, Araguaiana
	"America/Denver":            {5710035, 5764864},                                     // West Wendover, Fort Pierre
	"America/Indiana/Vincennes": {4266307},                                              // Vincennes
	"America/Manaus":            {3393929},                                              // Nhamundá
	"America/Matamoros": {
		3483310, 3483393, 3514868, 3514886, 3520271, 3522525, 3522617, 3523222, 3524051, 3527116, 3530383, 3530590,
		3530602, 3979706, 3980122, 3980123, 3987473, 3988628, 3994534, 3995050, 3995395, 3998238, 4003937, 4005111,
		4018761, 8858271, 8858502, 8858928,
	},
	"America/New_York":     {4068506, 4653999},                            // Huguley, Rockwood
	"America/Noronha":      {6317136},                                     // Fernando de Noronha (Distrito Estadual)
	"America/Ojinaga":      {3996682, 4012672},                            // Manuel Benavides, Santiago de Coyame
	"America/Punta_Arenas": {3874926},                                     // Puerto Williams
	"America/Sao_Paulo":    {3471041},                                     // Baliza
	"Asia/Khandyga":        {2013918, 2016305, 2022773, 2024626, 6930488}, // Ust-Maya, Solnechnyy, Khandyga, Dzhebariki-Khaya, Nezhdaninskoe
	"Asia/Qyzylorda":       {1521368, 9858283},                            // Baikonur, Tyuratam
	"Asia/Ulaanbaatar": {
		1515007, 1515106, 1515131, 1515157, 1515167, 1515187, 1515208, 1515213, 1515229, 1515247, 1515303, 1515331,
		1515367, 1515378, 1515402, 1515405, 1515454, 1515580, 1515662, 1515736, 1515762, 1515878, 1515979, 1515986,
		1515996, 1516099, 1516136, 1516146, 1516148, 1516199, 1516267, 1516274, 1516296, 1516309, 1516329, 1516392,
		1516393, 1516399, 1516400, 1516403, 6988111,
	},
	"Asia/Ust-Nera":    {2120048},            // Ust-Nera
	"Pacific/Auckland": {13631316, 13631317}, // Windsor Park, Wairau Valley
}
