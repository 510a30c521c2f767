package web

// Wish is how the recipient wants the parcel delivered, and what can be wished for; nil where neither is anything.
type Wish struct {
	Offered                []string
	Kind, Text, Day, State string
}
