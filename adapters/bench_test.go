//go:build unix

package adapters

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waybill/tracker"
)

// BenchmarkRead reads every payload of the corpus that a carrier here can read, and compares with the plain decoding
// of the same bytes into a generic tree: "of-plain" is how many payloads are read in the time of one plain decoding.
// The goal is 0.5. docs/architecture.md has a table of it.
func BenchmarkRead(b *testing.B) {
	r := registry(b)
	for _, file := range corpusPayloads(b) {
		body, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		carrier, _, ok := r.Recognise(body)
		if !ok {
			continue
		}
		receipt := &tracker.Receipt{Carrier: carrier, Body: body}
		events := 0
		for _, s := range r.Read(receipt).Shipments {
			events += len(s.Events)
		}
		b.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(b *testing.B) {
			plain, own := sideBySide(b, func() error { return plainDecode(body) }, func() { r.Read(receipt) })
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			allocations := testing.AllocsPerRun(20, func() { r.Read(receipt) })
			for b.Loop() {
				r.Read(receipt)
			}
			if events > 0 {
				b.ReportMetric(allocations/float64(events), "allocs/event")
			}
			b.ReportMetric(float64(plain)/float64(own), "of-plain")
			b.ReportMetric(float64(time.Second)/float64(own), "payloads/s")
			b.ReportMetric(float64(events), "events")
		})
	}
}

func corpusPayloads(b *testing.B) []string {
	b.Helper()
	var files []string
	for _, pattern := range []string{"*/*.raw.*", "peer/*/*.raw.*"} {
		found, err := filepath.Glob(filepath.Join(sharedFolder(b, "corpus"), pattern))
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, found...)
	}
	own, err := filepath.Glob("carriers/upu_emsevt/testdata/*[vml]") // of which the corpus has none: CSV and XML
	if err != nil {
		b.Fatal(err)
	}
	return append(files, own...)
}

// sideBySide is the processor's time of one plain decoding and of one reading, the collector's included: for each the best
// of several batches that take turns. The clock on the wall would measure what else the machine does.
func sideBySide(b *testing.B, plain func() error, own func()) (plainTime, ownTime time.Duration) {
	b.Helper()
	const turns, batch = 12, 100
	plainTime, ownTime = 1<<62, 1<<62
	for range turns {
		start := processorTime(b)
		for range batch {
			if err := plain(); err != nil {
				b.Fatal(err)
			}
		}
		between := processorTime(b)
		for range batch {
			own()
		}
		plainTime, ownTime = min(plainTime, (between-start)/batch), min(ownTime, (processorTime(b)-between)/batch)
	}
	return plainTime, max(ownTime, 1)
}

// processorTime is what the process has had of the processor.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func plainDecode(body []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		var root element
		return xml.NewDecoder(bytes.NewReader(body)).Decode(&root)
	}
	if head := bytes.TrimSpace(body); head[0] != '{' && head[0] != '[' {
		if bytes.Contains(body, []byte("UNH")) || bytes.HasPrefix(head, []byte("ISA")) {
			_ = plainEDI(string(body))
			return nil
		}
		lines := csv.NewReader(bytes.NewReader(body))
		lines.FieldsPerRecord = -1
		_, err := lines.ReadAll()
		return err
	}
	var tree any
	return json.Unmarshal(body, &tree)
}

// plainEDI takes EDI apart into segments, elements and components, as plainly as the library does it. Whoever reads it
// so knows nothing yet of release characters and envelopes.
func plainEDI(text string) [][][]string {
	terminator, separator, component := "'", "+", ":"
	if isa, found := strings.CutPrefix(text, "ISA"); found && len(isa) > 103 {
		separator, component, terminator = isa[:1], isa[101:102], isa[102:103]
	}
	var tree [][][]string
	for segment := range strings.SplitSeq(text, terminator) {
		var elements [][]string
		for element := range strings.SplitSeq(strings.TrimSpace(segment), separator) {
			elements = append(elements, strings.Split(element, component))
		}
		tree = append(tree, elements)
	}
	return tree
}

// element is XML as a generic tree.
type element struct {
	Name     xml.Name
	Attrs    []xml.Attr
	Children []*element
	Text     string
}

func (e *element) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	e.Name, e.Attrs = start.Name, start.Attr
	for {
		token, err := d.Token()
		switch t := token.(type) {
		case xml.StartElement:
			child := &element{}
			if err := child.UnmarshalXML(d, t); err != nil {
				return err
			}
			e.Children = append(e.Children, child)
		case xml.CharData:
			e.Text += string(t)
		case xml.EndElement:
			return nil
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
