package main

import (
	"context"
	"errors"
	"net"

	"github.com/spf13/cobra"

	"waybill/configs"
)

func (p *program) serveCommand() *cobra.Command {
	return p.roleCommand(configs.RoleServe, &cobra.Command{
		Use:   "serve",
		Short: "Run API, pages and workers in one process",
		Long: "Runs everything in one process. Without mongo.uri records are kept in SQLite in data_dir, without redis.url\n" +
			"the queue is in the process. SIGTERM drains and ends; a second one ends at once.",
		Example: "  waybill serve\n  waybill serve --data-dir /var/lib/waybill --listen 0.0.0.0:8080 --public-url https://track.example.com",
	})
}

func (p *program) apiCommand() *cobra.Command {
	return p.roleCommand(configs.RoleAPI, &cobra.Command{
		Use:   "api",
		Short: "Run API and pages alone; any number of them",
		Long:  "Runs the API and the pages. Needs mongo.uri, redis.url, seal.key and public_url, the same in every process.",
		Example: "  WAYBILL_MONGO_URI=mongodb://db/?replicaSet=rs0 WAYBILL_REDIS_URL=redis://redis:6379 \\\n" +
			"  WAYBILL_SEAL_KEY_FILE=/run/secrets/seal WAYBILL_PUBLIC_URL=https://track.example.com waybill api",
	})
}

func (p *program) workerCommand() *cobra.Command {
	return p.roleCommand(configs.RoleWorker, &cobra.Command{
		Use:   "worker",
		Short: "Run workers alone; any number of them",
		Long:  "Runs the background work. Needs mongo.uri, redis.url, seal.key and public_url, the same in every process.",
		Example: "  WAYBILL_MONGO_URI=mongodb://db/?replicaSet=rs0 WAYBILL_REDIS_URL=redis://redis:6379 \\\n" +
			"  WAYBILL_SEAL_KEY_FILE=/run/secrets/seal WAYBILL_PUBLIC_URL=https://track.example.com waybill worker --metrics-listen :9090",
	})
}

// roleCommand makes a command that runs a role until it is told to stop.
func (p *program) roleCommand(role configs.Role, cmd *cobra.Command) *cobra.Command {
	cmd.GroupID = "run"
	cmd.Args = arguments(cobra.NoArgs)
	s := p.settings(cmd, role, "data-dir", "listen", "public-url", "metrics-listen", "log-level", "log-format")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		config, _, err := s.load()
		if err != nil {
			return err
		}
		return p.serve(cmd.Context(), config, role)
	}
	return cmd
}

func (p *program) serve(ctx context.Context, config configs.Config, role configs.Role) (err error) {
	var listener net.Listener
	if role != configs.RoleWorker {
		if listener, err = listen(ctx, config.Listen); err != nil {
			return err
		}
		defer func() { _ = listener.Close() }()
	}
	a, err := p.newApp(ctx, config, role, nil)
	if err != nil {
		return err
	}
	if listener != nil {
		a.log.Info("listening", "address", listener.Addr().String(), "public", config.PublicURL)
	}
	return errors.Join(a.run(ctx, listener), a.close())
}
