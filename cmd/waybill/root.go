package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"waybill/configs"
)

// The exit codes.
const (
	exitOK = iota
	// exitFailed: what was asked for did not work out.
	exitFailed
	// exitUsage: the command line or a setting is wrong.
	exitUsage
)

// program is what the commands have of the world around them.
type program struct {
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

// errReported is a failure of which all was said already.
var errReported = errors.New("it was said above")

// usageError is a mistake on the command line or in the settings.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// run runs the program with its arguments and gives its exit code. SIGINT and SIGTERM end the context; a second one
// ends the process at once.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	p := &program{environ: os.Environ(), stdin: os.Stdin, stdout: stdout, stderr: stderr, now: time.Now}
	root := p.root() //nolint:contextcheck // each command is given the context when it runs
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &usage) || strings.HasPrefix(err.Error(), "unknown command"):
		_, _ = fmt.Fprintf(stderr, "waybill: %v\nHelp: waybill --help, or waybill COMMAND --help\n", err)
		return exitUsage
	}
	_, _ = fmt.Fprintln(stderr, "waybill:", err)
	return exitFailed
}

// root makes the tree of commands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "waybill",
		Short: "Track every parcel of every carrier in one place",
		Long: "Waybill turns the scans of carriers and of an in-house fleet into one status model, estimates when\n" +
			"parcels arrive, and tells customers. Begin with: waybill demo",
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetIn(p.stdin)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{configs.FlagError(cmd.Flags(), err)}
	})
	root.AddGroup(
		&cobra.Group{ID: "run", Title: "Running it:"}, &cobra.Group{ID: "operate", Title: "Operating it:"},
		&cobra.Group{ID: "carriers", Title: "Numbers and carriers:"}, &cobra.Group{ID: "try", Title: "Trying it out:"},
	)
	root.AddCommand(
		p.demoCommand(), p.serveCommand(), p.apiCommand(), p.workerCommand(),
		p.configCommand(), p.doctorCommand(), p.keysCommand(), p.usersCommand(), p.auditCommand(), p.accountsCommand(), p.importCommand(), p.replayCommand(), p.etaCommand(),
		p.trackCommand(), p.detectCommand(), p.adaptersCommand(),
		p.simulateCommand(), p.benchCommand(),
	)
	root.SetHelpCommandGroupID("operate")
	root.SetCompletionCommandGroupID("operate")
	return root
}

// group makes a command that only holds others; an unknown one among them is a mistake with a suggestion.
func group(cmd *cobra.Command, members ...*cobra.Command) *cobra.Command {
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		text := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			text += "; did you mean " + strings.Join(near, " or ") + "?"
		}
		return usageError{errors.New(text)}
	}
	cmd.AddCommand(members...)
	return cmd
}

// arguments makes a mistake in the number of arguments a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}

// logger makes the log as the settings have it.
func (p *program) logger(config configs.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(config.Level)) // checked with the settings
	options := &slog.HandlerOptions{Level: level}
	if config.Format == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}
