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

func TestAnIftstaIsAnsweredByItsContrlWhereTheSenderAsksSo(t *testing.T) {
	h := newHouse(t)
	h.account("edifact_iftsta", "acme", "credential", "", "s3cret")
	const status = "UNB+UNOC:3+CARRIER+SHOP+261118:1200+9'UNH+1+IFTSTA:D:96A:UN'CNI+1+C1'STS+1+21'DTM+334:202611181030:203'UNT+5+1'UNZ+1+9'"
	const path = "/v1/carriers/edifact_iftsta/acme/events"
	for name, c := range map[string]struct {
		path, body string
		headers    []string
		want       string
	}{
		"by the query":            {path + "?acknowledge=contrl", status, nil, "UCI+9+CARRIER+SHOP+7'UNT"},
		"by the media type":       {path, status, []string{"Accept", "application/edifact"}, "UCI+9+CARRIER+SHOP+7'UNT"},
		"refused for its count":   {path + "?acknowledge=CONTRL", strings.Replace(status, "UNT+5", "UNT+6", 1), nil, "UCM+1+IFTSTA:D:96A:UN+4+29+UNT'"},
		"not asked for":           {path, status, nil, `"receipt":`},
		"asked for another's":     {path + "?acknowledge=997", status, nil, `"receipt":`},
		"nobody to send a report": {path + "?acknowledge=contrl", "UNH+1+IFTSTA:D:96A:UN'UNT+2+1'", nil, `"receipt":`},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.do(http.MethodPost, c.path, "", c.body, append(c.headers, "credential", "s3cret")...)
			if a.status != http.StatusAccepted || !strings.Contains(string(a.body), c.want) {
				t.Errorf("%d %s, want 202 and %s", a.status, a.body, c.want)
			}
		})
	}
}
