package verify

// credentialHeader is where UPS Track Alert puts the credential that the subscriber chose (UPS Track Alert API,
// "destination.credential").
const credentialHeader = "credential"

func credential(request Request, header string, secrets []string) bool {
	if header == "" {
		header = credentialHeader
	}
	return anyEqual(request.Header(header), secrets)
}
