package words

import "waybill/tracker"

// Milestone is the name of a milestone for customers: "On its way". NoMilestone has none.
func (w *Words) Milestone(m tracker.Milestone) string {
	if m == tracker.NoMilestone {
		return ""
	}
	return w.Say("milestone." + m.String())
}

// Substatus says in a customer's words what happened: "Cleared customs". An unknown code ("") has no words of ours.
func (w *Words) Substatus(s tracker.Substatus) string {
	if s == "" {
		return ""
	}
	return w.Say("status." + string(s))
}

// Reason is a substatus as the cause of something: "severe weather", as in "Delayed: severe weather".
// It is empty for those that explain nothing.
func (w *Words) Reason(s tracker.Substatus) string {
	key := "reason." + string(s)
	if s == "" || !w.Has(key) {
		return ""
	}
	return w.Say(key)
}
