package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"waybill/api/client"
)

// toHouse has a client's calls answered by a house, without a network.
type toHouse struct{ *house }

func (h toHouse) Do(r *http.Request) (*http.Response, error) { return h.App().Test(r, 10_000) }

func TestASellersProgramByTheGeneratedClient(t *testing.T) {
	h := newHouse(t)
	c, err := client.New("https://waybill.test", h.seller, client.WithHTTPClient(toHouse{h}))
	must(t, err)
	carrier, number, order := "ups", "1Z999AA10123456784", "1001"
	made, err := c.RegisterShipmentsWithResponse(t.Context(), nil, client.RegisterShipmentsJSONRequestBody{
		Carrier: &carrier, TrackingNumber: &number, Order: &order,
	})
	must(t, err)
	if made.JSON201 == nil || made.JSON201.ID == "" {
		t.Fatalf("%s %s", made.Status(), made.Body)
	}
	listed, err := c.ListShipmentsWithResponse(t.Context(), &client.ListShipmentsParams{Order: &order})
	must(t, err)
	if listed.JSON200 == nil || len(*listed.JSON200.Items) != 1 || (*listed.JSON200.Items)[0].ID != made.JSON201.ID {
		t.Errorf("%s %s", listed.Status(), listed.Body)
	}
	language := "de"
	tracked, err := c.TrackWithResponse(t.Context(), made.JSON201.ID, &client.TrackParams{Lang: &language})
	must(t, err)
	if tracked.JSON200 == nil || tracked.JSON200.Headline == "" || *tracked.JSON200.Carrier != carrier {
		t.Errorf("%s %s", tracked.Status(), tracked.Body)
	}
}

func TestTheClientGivesProblemsAsErrors(t *testing.T) {
	h := newHouse(t)
	c, err := client.New("https://waybill.test", "", client.WithHTTPClient(toHouse{h}))
	must(t, err)
	refused, err := c.GetShipmentWithResponse(t.Context(), "WB2345679ABCDEFGJ", nil)
	must(t, err)
	var problem *client.Problem
	if !errors.As(error(refused.ApplicationProblemJSONDefault), &problem) || problem.Code != "unauthorized" || !strings.Contains(problem.Error(), ". ") {
		t.Errorf("%v of %s", problem, refused.Body)
	}
	for name, address := range map[string]string{"no scheme": "track.example.com", "no host": "https://", "a folder": "/var", "no address": ""} {
		if _, err := client.New(address, ""); err == nil || !strings.Contains(err.Error(), "https://track.example.com") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
