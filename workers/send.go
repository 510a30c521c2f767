package workers

import "context"

// send brings a message on its way. When it is tried next stands in the message, and whether it was sent already.
func (w *Workers) send(ctx context.Context, key string) error { return w.Sender.Send(ctx, key) }
