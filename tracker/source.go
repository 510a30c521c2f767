package tracker

// Source is the channel by which a receipt came in.
type Source string

// The channels. A seller's milestones and an agent's corrections are receipts like any carrier's.
const (
	FromWebhook Source = "webhook"
	FromUpload  Source = "upload"
	FromPoll    Source = "poll"
	FromFleet   Source = "fleet"
	FromSeller  Source = "seller"
	FromAgent   Source = "agent"
	FromImport  Source = "import"
)
