package protocol_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol"
)

var stamp = protocol.Stamp{WallMS: 1_790_000_042_000, MonoMS: 86_400, BootID: "h4z2"}

// examples returns the example messages by kind.
func examples(t testing.TB) map[protocol.Kind][]byte {
	t.Helper()
	all := map[protocol.Kind][]byte{}
	for _, b := range protocol.Kinds() {
		data, err := os.ReadFile(filepath.Join("testdata", "examples", string(b.Kind())+".json"))
		if err != nil {
			t.Fatal(err)
		}
		all[b.Kind()] = data
	}
	return all
}

func TestWhatIsSealedCanBeOpened(t *testing.T) {
	for kind, data := range examples(t) {
		t.Run(string(kind), func(t *testing.T) {
			e, err := protocol.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			body, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			again, err := protocol.Seal(e.Device, body, protocol.Stamp{WallMS: e.WallMS, MonoMS: e.MonoMS, BootID: e.BootID})
			if err != nil {
				t.Fatal(err)
			}
			again.Epoch, again.Seq, again.Salt = e.Epoch, e.Seq, e.Salt
			encoded, err := again.Encode()
			if err != nil {
				t.Fatal(err)
			}
			back, err := protocol.Decode(encoded)
			if err != nil {
				t.Fatal(err)
			}
			got, err := back.Open()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(body, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeRefusesWithAReason(t *testing.T) {
	const good = `{"v":1,"device":"counter-1","kind":"clock.ask","wall_ms":1,"mono_ms":1,"boot_id":"b","body":{"sent_ms":1}}`
	for name, c := range map[string]struct {
		message string
		want    protocol.Reason
		kept    bool // the envelope is returned for quarantine
	}{
		"nothing":             {"", protocol.Malformed, false},
		"half a message":      {good[:40], protocol.Malformed, false},
		"a list":              {"[]", protocol.Malformed, false},
		"two messages":        {good + good, protocol.Malformed, false},
		"words after it":      {good + "x", protocol.Malformed, false},
		"unknown field":       {strings.Replace(good, `"v":1`, `"v":1,"colour":"red"`, 1), protocol.Malformed, false},
		"negative seq":        {strings.Replace(good, `"v":1`, `"v":1,"seq":-1`, 1), protocol.Malformed, false},
		"too long":            {good + strings.Repeat(" ", protocol.MaxEnvelope), protocol.Oversize, false},
		"older version":       {strings.Replace(good, `"v":1`, `"v":0`, 1), protocol.UnknownVersion, true},
		"newer version":       {strings.Replace(good, `"v":1`, `"v":2`, 1), protocol.UnknownVersion, true},
		"unknown kind":        {strings.Replace(good, "clock.ask", "clock.set", 1), protocol.UnknownKind, true},
		"no kind":             {strings.Replace(good, "clock.ask", "", 1), protocol.UnknownKind, true},
		"device in capitals":  {strings.Replace(good, "counter-1", "COUNTER", 1), protocol.BadBody, true},
		"seq without epoch":   {strings.Replace(good, `"v":1`, `"v":1,"seq":7`, 1), protocol.BadBody, true},
		"epoch without seq":   {strings.Replace(good, `"v":1`, `"v":1,"epoch":"e"`, 1), protocol.BadBody, true},
		"epoch with a slash":  {strings.Replace(good, `"v":1`, `"v":1,"seq":7,"epoch":"a/b"`, 1), protocol.BadBody, true},
		"event without salt":  {strings.Replace(good, `"v":1`, `"v":1,"seq":7,"epoch":"e"`, 1), protocol.BadBody, true},
		"short salt":          {strings.Replace(good, `"v":1`, `"v":1,"seq":7,"epoch":"e","salt":"0a"`, 1), protocol.BadBody, true},
		"salt of a question":  {strings.Replace(good, `"v":1`, `"v":1,"salt":"9f3c51d07ab2e4688c1d0e5f7a9b3c24"`, 1), protocol.BadBody, true},
		"seq beyond all bits": {strings.Replace(good, `"v":1`, `"v":1,"seq":9007199254740993,"epoch":"e"`, 1), protocol.BadBody, true},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := protocol.Decode([]byte(c.message))
			var refused *protocol.RefusedError
			if !errors.As(err, &refused) || refused.Reason != c.want || refused.Detail == "" {
				t.Fatalf("error %v, want reason %s with a detail", err, c.want)
			}
			if kept := e.BootID == "b"; kept != c.kept {
				t.Errorf("envelope kept: %v, want %v", kept, c.kept)
			}
		})
	}
}

func TestOpenRefusesBadBodies(t *testing.T) {
	for name, c := range map[string]struct {
		kind protocol.Kind
		body string
		want protocol.Reason
	}{
		"no body":             {protocol.KindClockAsk, "", protocol.BadBody},
		"null":                {protocol.KindClockAsk, "null", protocol.BadBody},
		"a number":            {protocol.KindClockAsk, "7", protocol.BadBody},
		"unknown field":       {protocol.KindClockAsk, `{"sent_ms":1,"tz":"PST"}`, protocol.BadBody},
		"rule of the kind":    {protocol.KindGap, `{"from":5,"to":4,"n":0}`, protocol.BadBody},
		"kind nobody knows":   {"clock.set", `{}`, protocol.UnknownKind},
		"overflowing integer": {protocol.KindClockAsk, `{"sent_ms":99999999999999999999}`, protocol.BadBody},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := protocol.Envelope{V: 1, Device: "counter-1", Kind: c.kind, Body: json.RawMessage(c.body)}.Open()
			var refused *protocol.RefusedError
			if !errors.As(err, &refused) || refused.Reason != c.want {
				t.Errorf("error %v, want reason %s", err, c.want)
			}
		})
	}
}

func TestEncodeRefusesWhatDecodeWould(t *testing.T) {
	good, err := protocol.Seal("counter-1", &protocol.ClockAsk{}, stamp)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*protocol.Envelope){
		"version":   func(e *protocol.Envelope) { e.V = 3 },
		"kind":      func(e *protocol.Envelope) { e.Kind = "x" },
		"device":    func(e *protocol.Envelope) { e.Device = "a b" },
		"seq alone": func(e *protocol.Envelope) { e.Seq = 1 },
		"size":      func(e *protocol.Envelope) { e.BootID = strings.Repeat("x", protocol.MaxEnvelope) },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			change(&bad)
			var refused *protocol.RefusedError
			if _, err := bad.Encode(); !errors.As(err, &refused) {
				t.Errorf("error %v, want a refusal", err)
			}
		})
	}
}

func TestSealRefusesABodyThatBreaksItsRules(t *testing.T) {
	if _, err := protocol.Seal("counter-1", &protocol.Sale{}, stamp); err == nil {
		t.Error("an empty sale was sealed")
	}
}

func TestKindsAreSortedAndFresh(t *testing.T) {
	first, second := protocol.Kinds(), protocol.Kinds()
	for i, b := range first {
		if i > 0 && b.Kind() <= first[i-1].Kind() {
			t.Errorf("%s after %s", b.Kind(), first[i-1].Kind())
		}
		if fmt.Sprintf("%p", b) == fmt.Sprintf("%p", second[i]) && b.Kind() != protocol.KindClockAsk {
			t.Errorf("%s: two calls share one body", b.Kind())
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, data := range examples(f) {
		f.Add(data)
	}
	f.Add([]byte(`{"v":1}`))
	f.Add([]byte(`{"v":2,"kind":"sale.completed","body":[[[[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := protocol.Decode(data)
		if err != nil {
			var refused *protocol.RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("error %v is no refusal", err)
			}
			return
		}
		body, err := e.Open()
		if err != nil {
			return
		}
		first, err := e.Encode()
		if err != nil {
			var refused *protocol.RefusedError // escapes can make it longer than the limit
			if errors.As(err, &refused) && refused.Reason == protocol.Oversize {
				return
			}
			t.Fatalf("decoded and not encoded: %v", err)
		}
		back, err := protocol.Decode(first)
		if err != nil {
			t.Fatalf("encoded and not decoded: %v\n%s", err, first)
		}
		again, err := back.Open()
		if err != nil {
			t.Fatalf("opened once and not twice: %v\n%s", err, first)
		}
		if diff := cmp.Diff(body, again); diff != "" {
			t.Fatalf("changed on the way (-want +got):\n%s", diff)
		}
	})
}
