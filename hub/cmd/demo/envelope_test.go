package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"kickstand/hub/store/storetest"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
)

// healthy is an event with nothing wrong about it.
func healthy() protocol.Body {
	return &protocol.DeviceFault{Part: "printer", State: "ok", Detail: "ready"}
}

// edited changes words of an encoded envelope.
func (c *speaker) edited(old, fresh string) []byte {
	c.t.Helper()
	raw := c.Event(healthy())
	out := bytes.Replace(raw, []byte(old), []byte(fresh), 1)
	if bytes.Equal(raw, out) {
		c.t.Fatalf("%s does not contain %s", raw, old)
	}
	return out
}

// TestBadEnvelopesEndInTheOffice publishes everything that can be wrong with an
// envelope. Each is kept with its reason, none blocks what follows.
func TestBadEnvelopesEndInTheOffice(t *testing.T) {
	s := openShop(t)
	c := s.speak("counter-2", "C2")
	c.event(c.Reset())
	c.event([]byte("\x00not an envelope"))
	c.event(c.edited(`"v":1`, `"v":0`))
	c.event(c.edited(`"v":1`, `"v":9`))
	c.event(c.edited(`"kind":"device.fault"`, `"kind":"coffee.made"`))
	c.event(c.edited(`"device":"counter-2"`, `"device":"counter-1"`))
	c.event(c.edited(`"state":"ok"`, `"state":"odd"`))
	c.event(append(c.Event(healthy()), bytes.Repeat([]byte(" "), protocol.MaxEnvelope)...))
	c.event(c.Event(healthy()))
	await(t, "all are acknowledged", func() bool { return c.upto() == c.Seq })

	c.event(c.At(c.Seq, &protocol.DeviceFault{Part: "printer", State: "down"})) // a copied card
	late := c.Event(healthy())
	c.event(c.Event(healthy()))
	await(t, "the gap is asked for", func() bool { a := c.acks(); return len(a) > 0 && a[len(a)-1].Resend == c.Seq-1 })
	c.event(late)
	c.event(c.At(c.Seq, healthy()))
	await(t, "the gap is filled", func() bool { return c.upto() == c.Seq })

	want := map[string]int64{
		"malformed": 1, "unknown-version": 2, "unknown-kind": 1, "foreign-device": 1, "bad-body": 1, "oversize": 1, "conflict": 1,
	}
	if diff := cmp.Diff(want, s.reasons()); diff != "" {
		t.Errorf("quarantine (-want +got):\n%s", diff)
	}
	s.says(
		"/quarantine", "not a message of ours", "of another age than this hub", "something this hub does not know",
		"is not the one that sent it", "cannot be true", "larger than any message may be", "same number for two different events",
	)
	s.says("/devices", "in quarantine, see there")
	s.hub.logs("level=WARN", "fate=quarantined", "fate=unnumbered")
	s.verifyAudit(t)
}

// TestStrangersAreToldAndListed has a device nobody enrolled, one that speaks
// on another's topic, and a real till without a place in the shop.
func TestStrangersAreToldAndListed(t *testing.T) {
	s := openShop(t)
	c := s.speak("kiosk-9", "K9")
	c.publish(c.Address().Topic(protocol.Birth), c.Plain(&protocol.DeviceBirth{Session: "s-1", Role: protocol.Kiosk}))
	await(t, "it is told", func() bool { return c.refused() == "not-enrolled" })
	c.event(c.Reset())
	c.publish(protocol.Address{Shop: "demo", Device: "counter-1"}.Topic(protocol.Evt), c.Event(healthy()))
	s.hub.logs("message on a foreign topic dropped", "fate=stranger")
	if n := len(c.acks()); n != 0 {
		t.Errorf("%d acknowledgements to a stranger, which would forget its events", n)
	}
	s.says("/devices", "kiosk-9", "Not enrolled")

	k := s.tillWithout("counter-9", "counter", "C9")
	k.shows("it must be enrolled there")
	if k.state().Online || k.state().Outbox == 0 {
		t.Errorf("a till that is not enrolled: %+v", k.state())
	}
	k.stop()
}

// tillWithout starts a till that will get no items.
func (s *shop) tillWithout(device, role, slip string) *till {
	s.t.Helper()
	bench := freePort(s.t)
	k := &till{url: "http://" + bench, process: s.program(
		device, "kiosk", "--sim", "--shop", "demo", "--device", device, "--role", role, "--slip", slip,
		"--hub", "tcp://"+s.mqtt, "--data", filepath.Join(s.dir, device), "--workbench", bench,
	)}
	k.start()
	await(s.t, "the workbench answers", func() bool { return get(s.t, k.url+"/state.json", &state{}) == nil })
	return k
}

// TestCopiedCard sells with a till, and then with a copy of its journal made
// before: the same numbers with other content.
func TestCopiedCard(t *testing.T) {
	s := openShop(t)
	a := s.articles()
	k := s.till("counter-1", "counter", "C1")
	k.ring(a[0].Code)
	k.settled()
	k.stop()
	card := filepath.Join(s.dir, "counter-1")
	copyTree(t, card, card+"-copy")
	k.start()
	k.awaitReady()
	k.ring(a[1].Code)
	k.ring(a[3].Code) // further on than the copy will come
	k.settled()
	k.stop()

	clone := s.till("counter-1", "counter", "C1", "--data", card+"-copy")
	clone.ring(a[2].Code)
	clone.settled()
	clone.shows("set report")
	s.says("/quarantine", "same number for two different events", "storage card was copied")
	if s.reasons()["conflict"] == 0 {
		t.Errorf("nothing is set aside as a conflict: %v", s.reasons())
	}
	if n := s.sold(); n != 3 {
		t.Errorf("%d sales, want the 3 of the first card", n)
	}
	s.verifyAudit(t)
}

// copyTree copies a directory with its modes.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", "-a", from+"/.", to).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v\n%s", err, out)
	}
}

// settled waits until the hub has everything of the till.
func (k *till) settled() {
	k.t.Helper()
	await(k.t, "the hub has everything", func() bool { st := k.state(); return st.Online && st.Outbox == 0 })
}

// TestAuditVerifyNamesTheRow alters, deletes and swaps rows of a copy of a real
// shop's books with sqlite3, and asks the hub's own verifier.
func TestAuditVerifyNamesTheRow(t *testing.T) {
	storetest.OnlySQLite(t, "copies the file")
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	for i := range 3 {
		k.ring(a[i].Code)
	}
	k.settled()
	k.stop()
	s.hub.stop()
	last := s.count("SELECT max(n) AS n FROM audit_events")
	for _, c := range []struct {
		name, sql string
		row       int64
	}{
		{"altered", `UPDATE audit_events SET body = replace(body, '"', '''') WHERE n = 3`, 3},
		{"deleted", `DELETE FROM audit_events WHERE n = 4`, 4},
		{"the last deleted", `DELETE FROM audit_events WHERE n = (SELECT max(n) FROM audit_events)`, last},
		{"swapped", `UPDATE audit_events SET n = -1 WHERE n = 2; UPDATE audit_events SET n = 2 WHERE n = 3; UPDATE audit_events SET n = 3 WHERE n = -1`, 2},
	} {
		t.Run(c.name, func(t *testing.T) { s.forged(t, c.sql, c.row) })
	}
}

// forged changes a copy of the books and wants the row named.
func (s *shop) forged(t *testing.T, sql string, row int64) {
	t.Helper()
	dir := t.TempDir()
	copyTree(t, filepath.Join(s.dir, "hub"), dir)
	if out, err := exec.Command("sqlite3", filepath.Join(dir, "demo.db"), sql).CombinedOutput(); err != nil {
		t.Fatalf("sqlite3: %v\n%s", err, out)
	}
	out, err := exec.Command(filepath.Join(s.bin, "hub"), "audit", "verify", "--data", dir, "--shop", "demo").CombinedOutput()
	if want := "row " + strconv.FormatInt(row, 10) + " is the first"; err == nil || !bytes.Contains(out, []byte(want)) {
		t.Errorf("verify: %v, %s; want %q", err, out, want)
	}
}
