package workers

import (
	"context"
	"fmt"
	"log/slog"
)

// asynqLog brings asynq's log lines into ours. Its complaints about Redis are ours to make once, not every second:
// they are kept for debugging.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.note(slog.LevelDebug, args) }
func (l asynqLog) Info(args ...any)  { l.note(slog.LevelDebug, args) }
func (l asynqLog) Warn(args ...any)  { l.note(slog.LevelDebug, args) }
func (l asynqLog) Error(args ...any) { l.note(slog.LevelDebug, args) }

// Fatal is what asynq would end the process with; that is for main to decide.
func (l asynqLog) Fatal(args ...any) { l.note(slog.LevelError, args) }

func (l asynqLog) note(level slog.Level, args []any) {
	l.log.Log(context.Background(), level, "asynq", "says", fmt.Sprint(args...))
}
