package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/proofs"
)

// Pictures that prove a delivery: the fleet brings them, the delivering scan names them ("proof:<id>" as photo_url), and who may
// see the details of the shipment is given links that soon end.

// proofRoutes bring pictures and show them.
func (s *Server) proofRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/fleet/shipments/:id/proofs", s.postProofFile)
	r.Add(fiber.MethodGet, "/proofs/:id", s.getProofFile)
}

// ProofFile is a picture that was taken in.
type ProofFile struct {
	ID     string `json:"id"`
	URL    string `json:"url" doc:"Give this as the photo_url or signature_url of the delivering scan." example:"proof:1a208e3f2b308634c92871e7"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int    `json:"bytes"`
}

func (s *Server) postProofFile(c *fiber.Ctx) error {
	if s.proofs == nil {
		return problem("not_set_up", "This process keeps no pictures.")
	}
	id, ok := tracker.ParseTrackingID(c.Params("id"))
	if !ok {
		return tracker.ErrNotFound
	}
	kind := tracker.ProofKind(c.Query("kind", string(tracker.ProofPhoto)))
	if kind != tracker.ProofPhoto && kind != tracker.ProofSignature {
		return invalid("query.kind", "is photo or signature", "photo")
	}
	shipment, err := tracker.Load[tracker.Shipment](c.UserContext(), s.store, id)
	if err != nil {
		return err
	}
	file, err := s.proofs.Add(c.UserContext(), shipment, kind, c.BodyRaw(), callerOf(c.UserContext()).hint)
	switch {
	case errors.Is(err, proofs.ErrPicture):
		return invalid("body", err.Error(), "a JPEG or PNG of up to 12 MB")
	case errors.Is(err, proofs.ErrTooMany):
		return problem("conflict", err.Error())
	case err != nil:
		return err
	}
	return c.Status(http.StatusCreated).JSON(ProofFile{file.ID, tracker.ProofScheme + file.ID, file.Width, file.Height, file.Bytes})
}

const (
	proofPurpose = "proof"
	// proofLife is how long a link to a picture holds.
	proofLife = 15 * time.Minute
)

// proofLink is a link to a picture that soon ends; links of carriers stay as they are.
func (s *Server) proofLink(reference string) string {
	id, ours := strings.CutPrefix(reference, tracker.ProofScheme)
	if !ours {
		return reference
	}
	until := strconv.FormatInt(s.now().Add(proofLife).Unix(), 10)
	return s.publicURL + "/proofs/" + id + "?until=" + until + "&s=" + s.keys.Sign(proofPurpose, id+" "+until)
}

// getProofFile shows a picture to who has a link that still holds.
func (s *Server) getProofFile(c *fiber.Ctx) error {
	id, until := c.Params("id"), c.Query("until")
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil || !s.keys.Verify(proofPurpose, id+" "+until, c.Query("s")) || s.now().Unix() > end {
		return problem("proof_wrong", "The link to the picture has ended; open the parcel's page again.")
	}
	body, err := s.proofBody(c.UserContext(), id)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(body)
}

func (s *Server) proofBody(ctx context.Context, id string) ([]byte, error) {
	if s.proofs == nil {
		return nil, problem("not_set_up", "This process keeps no pictures.")
	}
	_, body, err := s.proofs.Open(ctx, id)
	return body, err
}
