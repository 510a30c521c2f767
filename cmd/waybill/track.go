package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"waybill/adapters"
	"waybill/api/client"
	"waybill/api/view"
	"waybill/configs"
	"waybill/tracker"
	"waybill/tracker/words"
)

func (p *program) trackCommand() *cobra.Command {
	var server, key, language string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "track NUMBER",
		GroupID: "carriers",
		Short:   "Show where a parcel is",
		Long: "Shows where a parcel is: asks the server that --server names, or else reads the store of the settings.\n" +
			"What is shown is the public view, without anything personal.",
		Example: "  waybill track 1Z999AA10123456784\n  waybill track --server https://track.example.com --json WB2345679ABCDEFGJ",
		Args:    arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&server, "server", "", "address of a Waybill server to ask")
	cmd.Flags().StringVar(&key, "key", "", "API key for the server; look-ups need none, but with one there are more of them a minute")
	cmd.Flags().StringVar(&language, "lang", "en", "language of the words: "+strings.Join(words.Languages(), ", "))
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		var found *view.Tracking
		if server != "" {
			found, err = askServer(cmd.Context(), server, key, language, args[0])
		} else {
			err = s.withData(cmd.Context(), p.openExisting, func(d *data) error {
				found, err = d.lookUp(cmd.Context(), args[0], words.For(language))
				return err
			})
		}
		if errors.Is(err, tracker.ErrNotFound) {
			return fmt.Errorf("nothing is known of %s", args[0])
		}
		if err != nil {
			return err
		}
		if asJSON {
			encoder := json.NewEncoder(p.stdout)
			encoder.SetIndent("", "  ")
			return encoder.Encode(found)
		}
		return p.showTracking(found)
	}
	return cmd
}

// askServer looks a number up at a Waybill server.
func askServer(ctx context.Context, server, key, language, number string) (*view.Tracking, error) {
	c, err := client.New(server, key)
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	answer, err := c.TrackWithResponse(ctx, number, &client.TrackParams{Lang: &language})
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask the server: %w", err)
	case answer.StatusCode() == http.StatusNotFound:
		return nil, tracker.ErrNotFound
	case answer.ApplicationProblemJSONDefault != nil:
		return nil, fmt.Errorf("%s: %w", server, answer.ApplicationProblemJSONDefault)
	case answer.JSON200 == nil:
		return nil, fmt.Errorf("%s answers %s, which is no tracking; is it a Waybill server?", server, answer.Status())
	}
	var found view.Tracking
	if err := json.Unmarshal(answer.Body, &found); err != nil {
		return nil, fmt.Errorf("the answer of %s is no tracking: %w", server, err)
	}
	return &found, nil
}

// lookUp finds a number in the store.
func (d *data) lookUp(ctx context.Context, number string, w *words.Words) (*view.Tracking, error) {
	found, err := tracker.NewFinder(d.store, d.keys, silence(d.config), d.program.now).Number(ctx, number)
	if err != nil {
		return nil, err
	}
	names := carrierNames{d.carriers}
	if len(found) > 1 {
		return view.Ambiguous(number, found, names, w), nil
	}
	tracking, _ := view.Public(&found[0], names, w, view.HidePostalCode(found[0].Shipment, d.keys), d.program.now())
	return tracking, nil
}

func (p *program) showTracking(v *view.Tracking) error {
	if len(v.Candidates) > 0 {
		_, err := fmt.Fprintf(p.stdout, "%s may be a parcel of:\n", v.Number)
		for _, c := range v.Candidates {
			_, err = fmt.Fprintf(p.stdout, "  %s: %s, last seen %s %s\n", c.CarrierName, c.Status, c.LastEventAt, c.Country)
		}
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "%s  %s\n%s\n", v.Number, v.CarrierName, v.Headline)
	for _, e := range v.Events {
		where := ""
		if e.Location != nil {
			where = strings.Join(filled(e.Location.Text, e.Location.City, e.Location.State, e.Location.Country), ", ")
		}
		_, err = fmt.Fprintf(p.stdout, "  %-25s  %s\n", e.Time, strings.Join(filled(e.Status, e.Text, where), " · "))
	}
	return err
}

// filled are the texts that are not empty.
func filled(texts ...string) []string {
	var list []string
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// carrierNames names carriers for views.
type carrierNames struct{ *adapters.Registry }

// Name is how people call a carrier.
func (n carrierNames) Name(code string) string {
	if carrier := n.Carrier(code); carrier != nil {
		return carrier.Name
	}
	return code
}
