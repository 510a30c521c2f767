package api

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// maxForm is the largest body of a public form.
const maxForm = 64 << 10

// readJSON reads a small body of a plain route, which its documented schema describes: what does not fit is named, as huma does
// it for all other routes.
func (s *Server) readJSON(c *fiber.Ctx, into any) error {
	body := c.BodyRaw()
	if len(body) > maxForm {
		return tooLarge(maxForm)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return problem("malformed", "The body is not the JSON that /docs describes.")
	}
	schema := s.bodies[reflect.TypeOf(into).Elem()]
	result := &huma.ValidateResult{}
	huma.Validate(s.api.OpenAPI().Components.Schemas, schema, huma.NewPathBuffer([]byte("body"), len("body")), huma.ModeWriteToServer, value, result)
	if len(result.Errors) == 0 {
		return json.Unmarshal(body, into)
	}
	p := problem("invalid", "Correct the named fields and send the request again.")
	for _, err := range result.Errors {
		if detail, ok := err.(*huma.ErrorDetail); ok { //nolint:errorlint // Validate wraps none
			p.Errors = append(p.Errors, s.fieldError(schema, detail))
		}
	}
	return p
}
