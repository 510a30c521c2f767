package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestA214IsAnsweredByIts997WhereTheSenderAsksSo(t *testing.T) {
	h := newHouse(t)
	h.account("x12_214", "acme", "credential", "", "s3cret")
	h.account("ups", "main", "credential", "", "s3cret")
	const status = "ISA*00*          *00*          *02*TSTC           *ZZ*WAYBILLTEST    *261120*1405*U*00401*000000017*0*T*>~" +
		"GS*QM*TSTC*WAYBILLTEST*20261120*1405*17*X*004010~ST*214*0001~B10*P1**TSTC~LX*1~AT7*D1*NS***20261118*0930*UT~" +
		"SE*5*0001~GE*1*17~IEA*1*000000017~"
	const path = "/v1/carriers/x12_214/acme/events"
	for name, c := range map[string]struct {
		path, body string
		headers    []string
		want       string
	}{
		"by the query":               {path + "?acknowledge=997", status, nil, "~AK5*A~AK9*A*1*1*1~"},
		"by the media type":          {path, status, []string{"Accept", "application/edi-x12"}, "~AK5*A~"},
		"rejected for its count":     {path + "?acknowledge=997", strings.Replace(status, "SE*5", "SE*6", 1), nil, "~AK5*R*4~AK9*R*1*1*0~"},
		"not asked for":              {path, status, nil, `"receipt":`},
		"nothing to acknowledge":     {path + "?acknowledge=997", "ST*214*0001~", nil, `"receipt":`},
		"another carrier has no 997": {upsPath + "?acknowledge=997", upsScan, nil, `"receipt":`},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.do(http.MethodPost, c.path, "", c.body, append(c.headers, "credential", "s3cret")...)
			if a.status != http.StatusAccepted || !strings.Contains(string(a.body), c.want) {
				t.Errorf("%d %s, want 202 and %s", a.status, a.body, c.want)
			}
		})
	}
}
