package web_test

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"kickstand/hub/audit"
	"kickstand/protocol"
	"kickstand/protocol/seal"
)

// cosign has a device sign the latest checkpoint, as hub/witness stores it.
func (s *shop) cosign(device string, key *audit.Key) seal.Public {
	s.t.Helper()
	signed, err := s.store.LatestCheckpoint(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := key.Public().Check(signed)
	if err != nil {
		s.t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	own := seal.NewPublic(seal.DeviceName("demo", device), public)
	line := seal.Sign(own.Name(), private, c.Text())
	if err := s.store.PutCosigned(s.t.Context(), audit.Cosigned{Device: device, Size: c.Size, Key: own.String(), Line: line}); err != nil {
		s.t.Fatal(err)
	}
	return own
}

// code is that of the latest checkpoint.
func (s *shop) code(key *audit.Key) string {
	s.t.Helper()
	signed, err := s.store.LatestCheckpoint(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := key.Public().Check(signed)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Code()
}

// TestACodeFromAPaperIsLookedUp types codes as people do: right, wrong, of another
// shop, and after the journal was altered.
func TestACodeFromAPaperIsLookedUp(t *testing.T) {
	s, key := traded(t), newKey(t)
	s.under(key.Public())
	s.seal(key)
	paper := s.code(key)
	at := "/audit?look=1&code="
	s.says(at+paper, []string{"The code is part of history", "none has signed", key.Public().Code()}, []string{"warn"})
	s.clock.Set(s.clock.Now().Add(time.Hour))
	s.say(protocol.Evt, "counter-1", &protocol.DeviceFault{Part: "printer", State: "ok", Detail: "ready"})
	s.seal(key)
	device := s.cosign("counter-1", key)
	typed := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(paper, "0", "o"), "-", "%20"))
	s.says(at+typed, []string{"The code is part of history", paper, "has signed", device.Code(), "13 June 2026, 18:00"}, []string{"none has signed"})

	s.says(at, []string{"No code was typed", "after the word Journal"}, []string{"part of history"})
	s.says(at+"hello", []string{"This is not a code", "the Z report of that day"}, []string{"part of history"})
	for _, wrong := range []string{"5-FWQYQ-W699P", "999999-FWQYQ-W699P"} {
		s.says(at+wrong, []string{"not part of this journal", wrong, "letter by letter", "show the paper to a technician"}, []string{"part of history"})
	}
	s.under(audit.Public{})
	s.says(at+paper, []string{"No code can be looked up", "Restore the key file"}, []string{"part of history"})
	s.under(newKey(t).Public())
	s.says(at+paper, []string{"Change nothing"}, []string{"part of history"})
}
