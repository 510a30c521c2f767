package edi

import "waybill/tracker"

// Refine is the more telling of a status and its reason. A reason never tells of another milestone than the status
// does, but where the status says only that something went wrong.
func Refine(status, reason tracker.Substatus) tracker.Substatus {
	if reason == "" || !open(status) {
		return status
	}
	was, says := status.Milestone(), reason.Milestone()
	trouble := was == tracker.AttemptFailed || was == tracker.Exception
	switch {
	case says == was:
		return reason
	case trouble && says == tracker.Returning:
		return reason
	case was == tracker.AttemptFailed && says == tracker.Exception && !open(reason):
		return reason
	}
	return status
}

// open reports whether a status leaves open what exactly happened.
func open(s tracker.Substatus) bool {
	return s == s.Milestone().Plain() || s == "delayed" || s == "held" || s == "undeliverable"
}
