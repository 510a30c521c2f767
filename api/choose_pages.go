package api

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
)

// choosePage ranks the carriers that a seller has used, for a lane and a promise.
type choosePage struct {
	web.Desk

	From, FromCode, To, ToCode, By string
	Asked                          bool
	Problem                        string
	Options                        []chosenOption
}

// chosenOption is a carrier with what it is expected to do, and what it did.
type chosenOption struct {
	RankedOption
	// Card is how it fared in the last 90 days.
	Card Scorecard
}

// chooseMost bounds the services that are compared: a question takes no more.
const chooseMost = 20

func (s *Server) getChoosePage(c *fiber.Ctx) error {
	page := choosePage{
		Desk: s.desktop(c, "Which carrier"), From: c.Query("from"), FromCode: c.Query("from_code"), To: c.Query("to"), ToCode: c.Query("to_code"), By: c.Query("by"),
	}
	if page.From == "" || page.To == "" {
		return s.sendDesk(c, "choose.html", page)
	}
	page.Asked = true
	cards, err := s.listScorecards(c.UserContext(), &ScorecardsInput{By: "service", Days: "90", Limit: chooseMost})
	if err != nil {
		return err
	}
	if len(cards.Body.Items) == 0 {
		return s.sendDesk(c, "choose.html", page)
	}
	if err := s.rank(c, &page, cards.Body.Items); err != nil {
		p := problemOf(err)
		if p.Status >= fiber.StatusInternalServerError {
			return err
		}
		page.Problem = p.Detail
		for _, field := range p.Errors {
			page.Problem = field.Problem
		}
	}
	return s.sendDesk(c, "choose.html", page)
}

// rank asks who of the cards should carry such a parcel today.
func (s *Server) rank(c *fiber.Ctx, page *choosePage, cards []Scorecard) error {
	one := AllocationInput{EstimateInput: EstimateInput{
		Origin: &EstimatePlace{Country: page.From, PostalCode: page.FromCode}, Destination: &EstimatePlace{Country: page.To, PostalCode: page.ToCode},
		HandOverAt: s.now().Format(time.RFC3339),
	}}
	if page.By != "" {
		day, err := time.Parse(time.DateOnly, page.By)
		if err != nil {
			return invalid("by", "is no day; write it as 2026-11-25", "2026-11-25")
		}
		one.Promise = day.Add(endOfDelivery).Format(time.RFC3339)
	}
	of := map[[2]string]Scorecard{}
	for _, card := range cards {
		of[[2]string{card.Carrier, card.Service}] = card
		one.Options = append(one.Options, AllocationOption{Carrier: card.Carrier, Service: card.Service})
	}
	in := &AllocationsInput{}
	in.Body.Allocations = []AllocationInput{one}
	ranked, err := s.postAllocations(c.UserContext(), in)
	if err != nil {
		return err
	}
	result := ranked.Body.Allocations[0]
	if result.Error != nil {
		return result.Error
	}
	for _, option := range result.Options {
		page.Options = append(page.Options, chosenOption{option, of[[2]string{option.Carrier, option.Service}]})
	}
	return nil
}

// endOfDelivery is until when a promise of a day holds.
const endOfDelivery = 20 * time.Hour
