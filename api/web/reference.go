package web

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker/words"
)

// ProblemRow is a row of the table of problems on the reference page.
type ProblemRow struct {
	Code, Title string
	Status      int
}

type operationRow struct {
	Method, Path, Summary, Tag, ID string
	Description                    []string
	Parameters                     []parameterRow
	Body, Answer                   string
}

type parameterRow struct{ Name, In, Doc string }

// Reference renders the reference page from the OpenAPI document.
func (p *Pages) Reference(api *huma.OpenAPI, problems []ProblemRow) ([]byte, error) {
	var rows []operationRow
	for path, item := range api.Paths {
		for method, op := range map[string]*huma.Operation{
			"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete,
		} {
			if op != nil {
				rows = append(rows, rowOf(api, method, path, op))
			}
		}
	}
	slices.SortFunc(rows, func(a, b operationRow) int {
		return strings.Compare(a.Tag+"|"+a.Path+"|"+a.Method, b.Tag+"|"+b.Path+"|"+b.Method)
	})
	return p.render("docs.html", struct {
		Head
		Operations []operationRow
		Problems   []ProblemRow
	}{Head{Words: words.For("en"), Title: "API · Waybill", Path: "/docs", Index: true}, rows, problems})
}

func rowOf(api *huma.OpenAPI, method, path string, op *huma.Operation) operationRow {
	row := operationRow{Method: method, Path: path, Summary: op.Summary, ID: op.OperationID}
	if len(op.Tags) > 0 {
		row.Tag = op.Tags[0]
	}
	row.Description = strings.Split(strings.TrimSpace(op.Description), "\n\n")
	for _, param := range op.Parameters {
		doc := param.Description
		if doc == "" && param.Schema != nil {
			doc = param.Schema.Description
		}
		row.Parameters = append(row.Parameters, parameterRow{param.Name, param.In, doc})
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			row.Body = sample(api, media)
		}
	}
	for status, response := range op.Responses {
		if strings.HasPrefix(status, "2") && response.Content["application/json"] != nil {
			row.Answer = sample(api, response.Content["application/json"])
		}
	}
	return row
}

// sample is an example of a body: the one given, else one made of the examples of its fields.
func sample(api *huma.OpenAPI, media *huma.MediaType) string {
	value := media.Example
	if value == nil {
		value = exampleOf(api, media.Schema, 0)
	}
	if value == nil {
		return ""
	}
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// deepest bounds how far examples follow schemas into one another.
const deepest = 4

func exampleOf(api *huma.OpenAPI, schema *huma.Schema, depth int) any {
	if schema != nil && schema.Ref != "" {
		schema = api.Components.Schemas.SchemaFromRef(schema.Ref)
	}
	if schema == nil || depth > deepest {
		return nil
	}
	switch {
	case len(schema.Examples) > 0:
		return schema.Examples[0]
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Items != nil:
		if item := exampleOf(api, schema.Items, depth+1); item != nil {
			return []any{item}
		}
	case len(schema.Properties) > 0:
		object := map[string]any{}
		for name, property := range schema.Properties {
			if value := exampleOf(api, property, depth+1); value != nil {
				object[name] = value
			}
		}
		if len(object) > 0 {
			return object
		}
	}
	return nil
}
