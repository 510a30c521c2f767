package api

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"waybill/api/metrics"
)

// maxJSON is the largest body of a call of the JSON API: some thousand shipments.
const maxJSON = 4 << 20

// humaRoutes are the JSON API: validated and documented from the code (OpenAPI 3.1 at /openapi.json).
func (s *Server) humaRoutes(r guarded) {
	config := huma.DefaultConfig("Waybill", "1")
	config.Info.Description = "Tracking of parcels over all carriers."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema links in answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, wb_…; or as the user name of HTTP Basic."},
	}
	config.Transformers = []huma.Transformer{s.asProblem, sparse}
	s.api = humafiber.NewWithGroup(s.app, r, config)
	s.sellerOperations()
	s.orderOperations()
	s.subscriptionOperations()
	s.messageOperations()
	s.settingsOperations()
	s.wordingOperations()
	s.webhookOperations()
	s.keyOperations()
	s.agentOperations()
	s.caseOperations()
	s.operatorOperations()
	s.workOperations()
	s.personOperations()
	s.routeOperations()
	s.wishOperations()
	s.scoreOperations()
	s.operatorCarrierOperations()
	s.driftOperations()
	s.replayOperations()
	s.estimateOperations()
	s.disruptionOperations()
	s.pickupPointOperations()
	s.pickupStayOperations()
	s.deliveryOptionOperations()
	s.returnOperations()
	s.labelOperations()
	s.allocationOperations()
	s.documentPlainRoutes()
	s.documentProblems()
	s.serveDocument(r)
}

// operation registers one operation. Its path is in OpenAPI's form; its rule in access.go says who may call it.
func operation[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	key := op.Method + " " + fiberPath(op.Path)
	r := rules[key]
	if len(r.roles) > 0 {
		op.Security = []map[string][]string{{"key": {}}}
		names := make([]string, len(r.roles))
		for i, role := range r.roles {
			names[i] = string(role)
		}
		op.Description = strings.TrimSpace(op.Description + "\n\nRoles: " + strings.Join(names, ", ") + ".")
	}
	if r.idempotent {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The same key with the same request gets the same answer again.",
		})
	}
	if op.Method == http.MethodGet && len(r.roles) > 0 {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: fiber.HeaderIfNoneMatch, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "The ETag of the answer that you have; 304 where it is still the same.",
		})
		op.Responses = map[string]*huma.Response{"304": {Description: "Nothing has changed."}}
	}
	if d := r.deprecated; d != nil {
		op.Deprecated = true
		op.Description += "\n\nDeprecated; call " + d.instead + " instead."
	}
	op.MaxBodyBytes = maxJSON
	op.BodyReadTimeout = -1 // the body is here already
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		p := problemOf(err)
		if p.Status >= fiber.StatusInternalServerError && p.cause != nil {
			s.log.Error("a request failed", "operation", op.OperationID, "code", p.Code, "error", p.cause)
		}
		return nil, p
	})
}

func fiberPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// asProblem brings what huma refuses into our form, with an example of what would do from the schema, and gives every
// problem the request's id.
func (s *Server) asProblem(ctx huma.Context, _ string, v any) (any, error) {
	switch e := v.(type) {
	case *huma.ErrorModel:
		p := problemOfStatus(e.Status)
		if e.Status == fiber.StatusUnprocessableEntity {
			p = problem("invalid", "Correct the named fields and send the request again.")
		}
		var schema *huma.Schema
		if body := ctx.Operation().RequestBody; body != nil && body.Content[fiber.MIMEApplicationJSON] != nil {
			schema = body.Content[fiber.MIMEApplicationJSON].Schema
		}
		for _, detail := range e.Errors {
			p.Errors = append(p.Errors, s.fieldError(schema, detail))
		}
		p.Status = e.Status
		p.Request = requestID(humafiber.Unwrap(ctx))
		return p, nil
	case *Problem:
		answer := *e
		answer.Request = requestID(humafiber.Unwrap(ctx))
		return &answer, nil
	}
	return v, nil
}

// fieldError names what is wrong with a field; schema is the body's, nil where there is none.
func (s *Server) fieldError(schema *huma.Schema, detail *huma.ErrorDetail) FieldError {
	e := FieldError{Field: strings.TrimPrefix(detail.Location, "body."), Problem: detail.Message}
	if schema != nil {
		e.Example = exampleAt(schema, detail.Location, s.resolved)
	}
	return e
}

// resolved follows a schema's reference.
func (s *Server) resolved(schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return s.api.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// exampleAt finds the example that the schema has for a field.
func exampleAt(schema *huma.Schema, location string, deref func(*huma.Schema) *huma.Schema) any {
	schema = deref(schema)
	for name := range strings.SplitSeq(strings.TrimPrefix(location, "body."), ".") {
		name, index, isList := strings.Cut(name, "[")
		if schema == nil || schema.Properties[name] == nil {
			return nil
		}
		schema = deref(schema.Properties[name])
		if isList && index != "" && schema != nil {
			schema = deref(schema.Items)
		}
	}
	if schema == nil || len(schema.Examples) == 0 {
		return nil
	}
	return schema.Examples[0]
}

// serveDocument serves the OpenAPI document and the page made of it.
func (s *Server) serveDocument(r fiber.Router) {
	// Written when somebody first asks: it takes longer than all else that a start does.
	document := sync.OnceValues(s.api.OpenAPI().MarshalJSON)
	page := sync.OnceValues(func() ([]byte, error) { return s.pages.Reference(s.api.OpenAPI(), problemRows()) })
	r.Add(fiber.MethodGet, "/openapi.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "application/openapi+json")
		allowOrigins(c)
		text, err := document()
		if err != nil {
			return fmt.Errorf("write the OpenAPI document: %w", err)
		}
		return c.Send(text)
	})
	r.Add(fiber.MethodGet, "/docs", func(c *fiber.Ctx) error {
		text, err := page()
		return s.sendPage(c, fiber.StatusOK, text, err)
	})
}

// pathParameters gives the names in a path of OpenAPI's form.
func pathParameters(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(path, "/") {
			if name, ok := strings.CutPrefix(part, "{"); ok && !yield(strings.TrimSuffix(name, "}")) {
				return
			}
		}
	}
}

// OpenAPI is the document of all routes, without a server behind it.
func OpenAPI() *huma.OpenAPI {
	return New(Options{Metrics: metrics.New(), Now: time.Now, Log: slog.New(slog.DiscardHandler)}).api.OpenAPI()
}
