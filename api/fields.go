package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// FieldsInput asks for some of the fields.
type FieldsInput struct {
	Fields string `query:"fields" maxLength:"500" doc:"Only these fields, parted by commas; of nested ones the path." example:"id,order,tracking.milestone"`
}

// check says which field a type does not have.
func (in *FieldsInput) check(of reflect.Type) error {
	for path := range pathsOf(in.Fields) {
		at := of
		for name := range strings.SplitSeq(path, ".") {
			if at = member(at, name); at == nil {
				return invalid("query.fields", fmt.Sprintf("there is no field %.60q", path), "id,order,tracking.milestone")
			}
		}
	}
	return nil
}

// pathsOf are the paths of a list of fields.
func pathsOf(fields string) map[string]bool {
	paths := map[string]bool{}
	for path := range strings.SplitSeq(fields, ",") {
		if path = strings.TrimSpace(path); path != "" {
			paths[path] = true
		}
	}
	return paths
}

// member is the type of a field by its name in JSON, nil where there is none. Lists are looked through.
func member(of reflect.Type, name string) reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil
	}
	for field := range of.Fields() {
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == name {
			return field.Type
		}
		if field.Anonymous && tag == "" {
			if found := member(field.Type, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// sparse leaves of an answer the fields that were asked for, of a list's items likewise.
func sparse(ctx huma.Context, status string, v any) (any, error) {
	fields := ctx.Query("fields")
	if fields == "" || status != "200" || ctx.Operation() == nil || ctx.Operation().Method != http.MethodGet {
		return v, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		return v, nil //nolint:nilerr // no object: there are no fields to leave out
	}
	if items, ok := whole["items"].([]any); ok {
		for i := range items {
			items[i] = only(items[i], pathsOf(fields))
		}
		return whole, nil
	}
	return only(whole, pathsOf(fields)), nil
}

// only is a value with some of its fields.
func only(v any, paths map[string]bool) any {
	switch value := v.(type) {
	case []any:
		out := make([]any, len(value))
		for i := range value {
			out[i] = only(value[i], paths)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, field := range value {
			if paths[name] {
				out[name] = field
			} else if inner := beneath(paths, name); len(inner) > 0 {
				out[name] = only(field, inner)
			}
		}
		return out
	}
	return v
}

// beneath are the paths within a field.
func beneath(paths map[string]bool, name string) map[string]bool {
	inner := map[string]bool{}
	for path := range paths {
		if rest, ok := strings.CutPrefix(path, name+"."); ok {
			inner[rest] = true
		}
	}
	return inner
}
