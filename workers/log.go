package workers

import (
	"fmt"
	"log/slog"
)

// asynqLog brings asynq's log lines into ours. Its complaints about Redis are ours to make once, not every second:
// they are kept for debugging.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Debug("asynq: " + fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Debug("asynq: " + fmt.Sprint(args...)) }

// Fatal is what asynq would end the process with; that is for main to decide.
func (l asynqLog) Fatal(args ...any) { l.log.Error("asynq: " + fmt.Sprint(args...)) }
