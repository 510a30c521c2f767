package api_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// bodySchema is the schema of the operation's body; nil where it has none.
func (c *contract) bodySchema() *huma.Schema {
	if c.op.RequestBody == nil || c.op.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return c.op.RequestBody.Content["application/json"].Schema
}

func (c *contract) resolve(schema *huma.Schema) *huma.Schema {
	if schema != nil && schema.Ref != "" {
		return c.document.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	return schema
}

// exampleOf puts the documented examples of a schema together. What is needed must have one.
func (c *contract) exampleOf(schema *huma.Schema, at string) any {
	c.t.Helper()
	schema = c.resolve(schema)
	if len(schema.Examples) > 0 {
		return schema.Examples[0]
	}
	switch {
	case schema.Type == huma.TypeObject && len(schema.Properties) > 0:
		body := map[string]any{}
		for name, property := range schema.Properties {
			if slices.Contains(schema.Required, name) || c.hasExample(property) {
				body[name] = c.exampleOf(property, strings.TrimPrefix(at+"."+name, "."))
			}
		}
		return body
	case schema.Type == huma.TypeObject:
		return map[string]any{}
	case schema.Type == huma.TypeArray:
		return []any{c.exampleOf(schema.Items, at+"[0]")}
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Type == huma.TypeBoolean:
		return true
	}
	c.t.Errorf("the field %s of %s %s has no example", at, c.method, c.op.Path)
	return nil
}

// hasExample reports whether an optional field is shown by example, itself or by what is in it.
func (c *contract) hasExample(schema *huma.Schema) bool {
	schema = c.resolve(schema)
	switch {
	case len(schema.Examples) > 0:
		return true
	case schema.Type == huma.TypeArray:
		return c.hasExample(schema.Items)
	}
	for _, property := range schema.Properties {
		if c.hasExample(property) {
			return true
		}
	}
	return false
}

// wrongFor is a value of a type that the schema does not have.
func wrongFor(schema *huma.Schema) any {
	switch schema.Type {
	case huma.TypeString, huma.TypeArray:
		return map[string]any{"not": "this"}
	}
	return "quite so"
}

// fits fails where an answer is not what the document says of it.
func (c *contract) fits(response *huma.Response, got answer) {
	c.t.Helper()
	if len(response.Content) == 0 {
		return
	}
	kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	media := response.Content[kind]
	switch {
	case media == nil:
		c.t.Errorf("Content-Type %q, the document has %v", kind, slices.Collect(maps.Keys(response.Content)))
	case strings.HasSuffix(kind, "json"):
		c.valid(media.Schema, got.body)
	}
}

func (c *contract) valid(schema *huma.Schema, body []byte) {
	c.t.Helper()
	var value any
	must(c.t, json.Unmarshal(body, &value))
	result := &huma.ValidateResult{}
	huma.Validate(c.document.Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, result)
	for _, err := range result.Errors {
		c.t.Errorf("the answer is not as documented: %v\n%s", err, body)
	}
}

// isProblem fails where an answer is no problem as documented, with one of the codes.
func (c *contract) isProblem(got answer, codes ...string) {
	c.t.Helper()
	c.fits(c.op.Responses["default"], got)
	if !slices.Contains(codes, got.code()) {
		c.t.Errorf("code %q, want one of %v", got.code(), codes)
	}
}

// text is a body as it is sent.
func text(body any) string {
	data, err := json.Marshal(body)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
