package web

import "waybill/tracker/words"

// Parcels is "My parcels": the forms for who is not signed in, else their parcels by order.
type Parcels struct {
	Words    *words.Words
	SignedIn bool
	CSRF     string
	// Problem is what was wrong with a form; Said is a key of parcels.said, for what one led to.
	Problem, Said string
	Query         string
	Orders        []ParcelOrder
	// Found are the parcels of an order that was found without a sign-in.
	Found []ParcelItem
}

// ParcelOrder is an order with its parcels.
type ParcelOrder struct {
	Seller, Number string
	Parcels        []ParcelItem
}

// ParcelItem is a parcel with the link that opens everything of it.
type ParcelItem struct {
	ID, Headline, Status, URL string
	Items                     []string
	Done                      bool
}

// Parcels renders "My parcels".
func (p *Pages) Parcels(in Parcels) ([]byte, error) {
	return p.render("parcels.html", struct {
		Head
		Parcels
	}{headOf(in.Words, "parcels.title", "/parcels"), in})
}
