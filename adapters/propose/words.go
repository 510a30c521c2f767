package propose

import "strings"

// hint weighs a name: points for a field whose words hold one of these.
type hint struct {
	points int
	words  string
}

// weigh sums what the hints say of a text of words. A word is met also as a word's beginning.
func weigh(text string, hints []hint) int {
	sum := 0
	for _, h := range hints {
		for word := range strings.FieldsSeq(h.words) {
			if strings.HasPrefix(text, word) || strings.Contains(text, " "+word) {
				sum += h.points
				break
			}
		}
	}
	return sum
}

// The hints by which fields are known, in the languages that carriers write.
var (
	eventListHints = []hint{
		{6, "event scan activity activities histor checkpoint trackdetail movement milestone timeline progress statushist evenement suivi evt route trace track"},
		{2, "detail status item log transit information"},
		{-5, "reference document image weight service address party note package parcel shipment order line dimension product attribute option"},
		{-3, "piece date message error response"},
	}
	timeHints = []hint{
		{3, "date time timestamp datetime when occurred at heure datum"},
		{2, "event scan activity local actual"},
		{-2, "utc gmt process record sys"},
		{-4, "estimat expect creat updat predict schedul eta commit due"},
	}
	codeHints = []hint{
		{6, "code"},
		{3, "status event type"},
		{1, "key state id scan activity short tag slug situation identif"},
		{-4, "reason exception sub justif number label postal"},
		{-6, "derived simplif summary"},
		{-12, "country zip postcode lang currency location city town facility depot unit offset zone time date url name address station area slug courier carrier barcode parcel office site"},
	}
	textHints = []hint{
		{6, "desc description"},
		{5, "text message libelle label wording"},
		{3, "status remark event details"},
		{2, "comment name action title info activity"},
		{-3, "code type id short"},
		{-12, "country zip city town location facility depot place address sign receiv url time date lang postal street suburb zone office"},
	}
	numberHints = []hint{
		{6, "track trk"},
		{5, "barcode waybill awb parcel consignment piece pin skybill airbill"},
		{4, "number no code id reference unit requested"},
		{-8, "zip postcode"},
		{-6, "account order customer service product date invoice country postal phone reference uuid unique request transaction version station type status event"},
	}
	estimateHints = []hint{
		{4, "estimat expect eta predict promis schedul planned commit forecast"},
		{2, "deliver date time arriv"},
		{-3, "actual pickup ship collect from min earliest start begin creat"},
	}
	windowStart  = []hint{{1, "from min earliest start begin"}}
	signerHints  = []hint{{4, "signed signatory signature receiver received sign"}, {1, "by name"}, {-6, "image url date time type code svg doc"}}
	errorHints   = []hint{{5, "error fault failure err"}, {3, "message warning notification alert problem"}, {1, "response return"}}
	placeMembers = []struct {
		part  string
		hints []hint
	}{
		{"postal_code", []hint{{5, "postal zip postcode plz"}, {-9, "url"}}},
		{"country", []hint{{5, "country pays land nation"}, {-1, "name"}}},
		{"state", []hint{{6, "province region"}, {4, "state"}, {-6, "status code statement desc id type text"}}},
		{"city", []hint{{5, "city town locality suburb ville ort stadt municipality"}, {-3, "code"}}},
		{"facility", []hint{{4, "facility depot hub office station branch site centre center terminal slic agency"}, {1, "name"}, {-3, "code id type"}}},
		{"lat", []hint{{5, "latitude lat"}}},
		{"lon", []hint{{5, "longitude lon lng"}}},
		{"text", []hint{{3, "location place address where lieu area"}, {-4, "code type id"}}},
	}
	// personal are words of fields that tell of persons.
	personal = []hint{{1, "signed signatory signature receiver recipient consignee addressee phone mobile email mail street addressline contact customer shipper sender firstname lastname fullname name1 username"}}
)

// meanings are words of carriers' texts with the status that they speak of, the most telling first. A text that holds
// none of them is left to the author.
var meanings = []struct{ word, status string }{
	{"returned to sender", "returned"},
	{"returned to shipper", "returned"},
	{"return to sender", "returning"},
	{"returning to", "returning"},
	{"attempted", "attempt_failed"},
	{"delivery attempt", "attempt_failed"},
	{"not delivered", "attempt_failed"},
	{"could not be delivered", "attempt_failed"},
	{"unable to deliver", "attempt_failed"},
	{"delivery failed", "attempt_failed"},
	{"undeliver", "attempt_failed"},
	{"refused", "refused"},
	{"cancel", "cancelled"},
	{"damage", "damaged"},
	{"lost", "lost"},
	{"out for delivery", "out_for_delivery"},
	{"out with courier", "out_for_delivery"},
	{"with delivery courier", "out_for_delivery"},
	{"on vehicle for delivery", "out_for_delivery"},
	{"ready for collection", "available_for_pickup"},
	{"available for pickup", "available_for_pickup"},
	{"available for collection", "available_for_pickup"},
	{"awaiting collection", "available_for_pickup"},
	{"ready for pickup", "available_for_pickup"},
	{"released by customs", "customs_cleared"},
	{"customs cleared", "customs_cleared"},
	{"clearance complete", "customs_cleared"},
	{"customs", "customs_started"},
	{"delay", "delayed"},
	{"picked up", "picked_up"},
	{"pickup scan", "picked_up"},
	{"collected", "picked_up"},
	{"label created", "label_created"},
	{"label printed", "label_created"},
	{"information received", "information_received"},
	{"information sent", "information_received"},
	{"data received", "information_received"},
	{"manifest", "information_received"},
	{"order created", "information_received"},
	{"departed", "departed_facility"},
	{"departure", "departed_facility"},
	{"left ", "departed_facility"},
	{"arriv", "arrived_at_facility"},
	{"processed", "processed_at_facility"},
	{"sorted", "processed_at_facility"},
	{"sortation", "processed_at_facility"},
	{"delivered", "delivered"},
	{"in transit", "on_the_way"},
	{"on the way", "on_the_way"},
	{"on its way", "on_the_way"},
}

// doubtful are words that turn a meaning round, or leave it open: the text is left to the author.
var doubtful = []string{"will be", "to be", "not yet", "unless", "if ", "expected", "scheduled", "partially"}

// meaningOf proposes a status for a carrier's text; "" where it is not clear.
func meaningOf(text string) string {
	text = strings.ToLower(text)
	for _, word := range doubtful {
		if strings.Contains(text, word) {
			return ""
		}
	}
	for _, m := range meanings {
		if strings.Contains(text, m.word) {
			return m.status
		}
	}
	return ""
}
