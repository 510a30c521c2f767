package api_test

import (
	"encoding/json"
	"maps"
	"math/bits"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"waybill/api"
)

// contract is one operation of the OpenAPI document, tried on a house in which there is one of everything.
type contract struct {
	*house
	document     *huma.OpenAPI
	op           *huma.Operation
	method, path string
	key          string
	// parcel takes the place of the documented example of a tracking ID; "" for a new one.
	parcel string
	// given are fields of the body that take the place of their documented examples.
	given map[string]any
	// there is false where the house has nothing of the kind that the path names.
	there bool
}

// TestTheAPIKeepsItsContract goes through every operation of the document: the documented examples are taken and answered
// in the documented form, and every field that is wrong is named.
func TestTheAPIKeepsItsContract(t *testing.T) {
	document := api.OpenAPI()
	for pattern, item := range document.Paths {
		for method, op := range api.OperationsOf(item) {
			if pattern == "/v1/track/{number}/live" {
				continue // it does not end
			}
			t.Run(method+" "+pattern, func(t *testing.T) {
				c := &contract{house: wholeHouse(t), document: document, op: op, method: method}
				c.path, c.there = c.furnish(pattern)
				if c.key == "" {
					c.key = c.keyFor(method + " " + pattern)
				}
				if op.RequestBody != nil {
					t.Run("odd bodies", c.in(t).oddBodies)
				}
				if op.RequestBody != nil && c.bodySchema() == nil {
					return // a body in a form that no schema tells
				}
				t.Run("its example", c.in(t).example)
				t.Run("wrong fields", c.in(t).wrongFields)
				t.Run("wrong parameters", c.in(t).wrongParameters)
			})
		}
	}
}

// in is the same operation, failing another test.
func (c *contract) in(t *testing.T) *contract {
	other := *c
	other.house = c.house.in(t)
	return &other
}

// keyFor is a key of a role that may call the route; "" where it needs none.
func (c *contract) keyFor(route string) string {
	rule := api.Rules()[strings.NewReplacer("{", ":", "}", "").Replace(route)]
	for role, key := range map[string]string{"seller": c.seller, "fleet": c.fleet, "agent": c.agent, "operator": c.operator} {
		if slices.Contains(rule.Roles(), role) {
			return key
		}
	}
	return ""
}

func (c *contract) example(t *testing.T) {
	c = c.in(t)
	var body any
	if schema := c.bodySchema(); schema != nil {
		body = c.exampleOf(schema, "")
	}
	if !c.there {
		got := c.do(c.method, c.path, c.key, body)
		if got.status != http.StatusNotFound {
			t.Fatalf("of nothing that is there: %d %s", got.status, got.body)
		}
		c.isProblem(got, "not_found", "unknown_carrier")
		return
	}
	reached := c.answers(body)
	if fields, ok := body.(map[string]any); ok && c.ways() > 1 { // one way or the other, by a field that is optional
		for name := range fields {
			less := maps.Clone(fields)
			delete(less, name)
			reached |= c.answers(less)
		}
	}
	if bits.OnesCount(reached) < c.ways() {
		t.Errorf("only %d of %d documented answers were given", bits.OnesCount(reached), c.ways())
	}
}

// ways is how many answers to a good request are documented.
func (c *contract) ways() (n int) {
	for status := range c.op.Responses {
		if status[0] == '2' {
			n++
		}
	}
	return n
}

// answers sends a good request, fails where the answer is not as documented, and gives a bit for its status.
func (c *contract) answers(body any) uint {
	c.t.Helper()
	parcel := c.parcel
	if parcel == "" {
		parcel = c.shipment(nil)
	}
	if fields, ok := body.(map[string]any); ok {
		maps.Copy(fields, c.given)
	}
	got := c.do(c.method, c.path, c.key, strings.ReplaceAll(text(body), exampleID, parcel))
	response := c.op.Responses[strconv.Itoa(got.status)]
	if response == nil || got.status >= http.StatusMultipleChoices {
		c.t.Errorf("sent %s\nanswered %d %s", text(body), got.status, got.body)
		return 0
	}
	c.fits(response, got)
	return 1 << (got.status - http.StatusOK)
}

// wrongFields sends each field of the body with a value of another type, leaves each needed one out, and adds an unknown one.
func (c *contract) wrongFields(t *testing.T) {
	c = c.in(t)
	schema := c.resolve(c.bodySchema())
	if schema == nil || schema.Type != huma.TypeObject {
		return
	}
	for name, property := range schema.Properties {
		if property = c.resolve(property); property.Type != "" {
			c.refuses(name, func(body map[string]any) { body[name] = wrongFor(property) })
		}
	}
	for _, name := range schema.Required {
		c.refuses(name, func(body map[string]any) { delete(body, name) })
	}
	if schema.AdditionalProperties == false {
		c.refuses("colour", func(body map[string]any) { body["colour"] = "blue" })
	}
}

// refuses sends the example, changed: the answer must name the field.
func (c *contract) refuses(field string, change func(body map[string]any)) {
	c.t.Helper()
	body, _ := c.exampleOf(c.bodySchema(), "").(map[string]any)
	change(body)
	got := c.do(c.method, c.path, c.key, body)
	if got.status != http.StatusUnprocessableEntity {
		c.t.Errorf("%s is wrong in %s\nanswered %d %s", field, text(body), got.status, got.body)
		return
	}
	c.isProblem(got, "invalid")
	var problem struct {
		Errors []struct{ Field, Problem string }
	}
	must(c.t, json.Unmarshal(got.body, &problem))
	for _, e := range problem.Errors {
		if e.Field == field && e.Problem != "" || strings.Contains(e.Problem, field) {
			return
		}
	}
	c.t.Errorf("%s is wrong in %s\nbut the answer does not name it: %s", field, text(body), got.body)
}

// wrongParameters sends a text where the query wants a number, a truth or one of a list.
func (c *contract) wrongParameters(t *testing.T) {
	c = c.in(t)
	for _, p := range c.op.Parameters {
		schema := c.resolve(p.Schema)
		if p.In != "query" || schema.Type == huma.TypeString && len(schema.Enum) == 0 || schema.Type == huma.TypeArray {
			continue
		}
		address, err := url.Parse(c.path)
		must(t, err)
		query := address.Query()
		query.Set(p.Name, "quite so")
		address.RawQuery = query.Encode()
		got := c.do(c.method, address.String(), c.key, nil)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), p.Name) {
			t.Errorf("?%s=quite+so: %d %s", p.Name, got.status, got.body)
		}
	}
}
