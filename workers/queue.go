package workers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"waybill/notify"
	"waybill/tracker"
)

// weights are the queues by notify.Queue's names: while all have tasks, of ten tasks six are for express shipments.
func weights() map[string]int {
	return map[string]int{express: 6, standard: 3, economy: 1}
}

var (
	express  = notify.Queue(tracker.Express)
	standard = notify.Queue(tracker.Standard)
	economy  = notify.Queue(tracker.Economy)
)

// lookUpFrom is from how many legs on their shipments' service levels are looked up: priority matters only where
// tasks wait, and a few are worked off at once.
const lookUpFrom = 16

// queuesOfLegs goes by the service level of the first shipment that follows. History read in bulk comes last.
func (w *Workers) queuesOfLegs(ctx context.Context, rows []tracker.Row) ([]string, error) {
	legs, err := tracker.DecodeAll[tracker.Leg](rows)
	if err != nil {
		return nil, err
	}
	services := map[string]tracker.ServiceLevel{}
	if len(legs) >= lookUpFrom {
		if services, err = w.servicesOf(ctx, legs); err != nil {
			return nil, err
		}
	}
	queues := make([]string, len(legs))
	for i, leg := range legs {
		queues[i] = standard
		switch {
		case leg.Effect != nil && leg.Effect.Backfill:
			queues[i] = economy
		case len(leg.Followers) > 0:
			queues[i] = notify.Queue(services[leg.Followers[0].Shipment])
		}
	}
	return queues, nil
}

// servicesOf reads as what the first follower of each leg was sold.
func (w *Workers) servicesOf(ctx context.Context, legs []*tracker.Leg) (map[string]tracker.ServiceLevel, error) {
	var ids []string
	for _, leg := range legs {
		if len(leg.Followers) > 0 {
			ids = append(ids, leg.Followers[0].Shipment)
		}
	}
	slices.Sort(ids)
	rows, err := w.Store.Get(ctx, tracker.Shipments, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	shipments, err := tracker.DecodeAll[tracker.Shipment](rows)
	services := make(map[string]tracker.ServiceLevel, len(shipments))
	for _, s := range shipments {
		services[s.ID] = s.Service
	}
	return services, err
}

// queuesOfMessages goes by the service level, but what is urgent comes first.
func queuesOfMessages(_ context.Context, rows []tracker.Row) ([]string, error) {
	messages, err := tracker.DecodeAll[tracker.Message](rows)
	if err != nil {
		return nil, err
	}
	queues := make([]string, len(messages))
	for i, m := range messages {
		queues[i] = notify.Queue(m.Service)
		if m.Urgent {
			queues[i] = express
		}
	}
	return queues, nil
}

// queuesOfShipments goes by the service level.
func queuesOfShipments(_ context.Context, rows []tracker.Row) ([]string, error) {
	shipments, err := tracker.DecodeAll[tracker.Shipment](rows)
	if err != nil {
		return nil, err
	}
	queues := make([]string, len(shipments))
	for i, s := range shipments {
		queues[i] = notify.Queue(s.Service)
	}
	return queues, nil
}

// unsorted is for work that has no service level.
func unsorted(_ context.Context, rows []tracker.Row) ([]string, error) {
	return slices.Repeat([]string{standard}, len(rows)), nil
}

// newTask makes a task of many keys: a queue takes a thousand tasks a second where it could take ten thousand keys.
// Its outcome stands in the store, so asynq's retries serve only to clear away the task of a worker that was killed.
func newTask(kind, queue string, keys []string, lease time.Duration) (*asynq.Task, error) {
	payload, err := json.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("encode a task of %d keys: %w", len(keys), err)
	}
	return asynq.NewTask(kind, payload, asynq.Queue(queue), asynq.MaxRetry(3), asynq.Timeout(2*lease)), nil
}

// Depth is how much stands in a queue.
type Depth struct {
	Queue string
	// Waiting tasks, those being worked on, and those of workers that died, to be tried again.
	Waiting, Active, Retry int
}

// Depths reads how much stands in each queue, the most urgent first, from the lists that asynq keeps it in. asynq's own
// Inspector forgets queues when Redis is flushed, and its figures cost a script for each.
func Depths(ctx context.Context, client redis.UniversalClient) ([]Depth, error) {
	type reply interface{ Val() int64 }
	pipe := client.Pipeline()
	depths, replies := []Depth{{Queue: express}, {Queue: standard}, {Queue: economy}}, map[string][3]reply{}
	for _, d := range depths {
		at := "asynq:{" + d.Queue + "}:"
		replies[d.Queue] = [3]reply{pipe.LLen(ctx, at+"pending"), pipe.LLen(ctx, at+"active"), pipe.ZCard(ctx, at+"retry")}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("ask Redis how many tasks wait: %w", err)
	}
	for i := range depths {
		d := &depths[i]
		counted := replies[d.Queue]
		d.Waiting, d.Active, d.Retry = int(counted[0].Val()), int(counted[1].Val()), int(counted[2].Val())
	}
	return depths, nil
}

// depths is how many tasks wait in each queue.
func (w *Workers) depths(ctx context.Context) (map[string]int, error) {
	list, err := Depths(ctx, w.Redis)
	depths := map[string]int{}
	for _, d := range list {
		depths[d.Queue] = d.Waiting
	}
	return depths, err
}
