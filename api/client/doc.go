package client

// The package calls a Waybill server. It is generated from the server's own OpenAPI document, one method an operation:
//
//	c, err := client.New("https://track.example.com", key)
//	answer, err := c.TrackWithResponse(ctx, "WB2345679ABCDEFGJ", nil)
//
// openapi.json is that document in version 3.0, for generators of other languages. Both follow the routes by go generate.

//go:generate go run ./gen
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config oapi-codegen.yaml openapi.json
