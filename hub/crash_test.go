package hub_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// childEnv names the database when the test binary plays a hub that will be
// killed.
const childEnv = "KICKSTAND_HUB_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		if err := childHub(path, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// line is what goes to and from the child: a device and a message.
type line struct {
	Device string
	Raw    []byte
}

// childHub reads messages of two devices and writes the replies.
func childHub(path string, in io.Reader, out io.Writer) error {
	s, err := store.Open(context.Background(), storetest.Again(store.Config{Path: path, Shop: hubtest.Shop}))
	if err != nil {
		return err
	}
	h := hub.New(hub.Config{Store: s})
	lanes, done := map[string]chan line{}, make(chan error, 2)
	answers := json.NewEncoder(out)
	for _, name := range []string{"counter-1", "counter-2"} {
		lane := make(chan line, 10_000) // more than a test sends: a lane that failed reads no more
		lanes[name] = lane
		go func() { done <- childLane(h, lane, answers) }()
	}
	for dec := json.NewDecoder(in); ; {
		var l line
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		lanes[l.Device] <- l
	}
	for _, c := range lanes {
		close(c)
	}
	return errors.Join(<-done, <-done, s.Close())
}

// childLane handles what one device sends, several messages at a time. The
// encoder writes each line with one call.
func childLane(h *hub.Hub, lane <-chan line, out *json.Encoder) error {
	for l := range lane {
		topic := protocol.Topic{Address: protocol.Address{Shop: hubtest.Shop, Device: l.Device}, Channel: protocol.Evt}
		msgs := []hub.Message{{Topic: topic, Raw: l.Raw}}
		for len(msgs) < 16 && len(lane) > 0 {
			msgs = append(msgs, hub.Message{Topic: topic, Raw: (<-lane).Raw})
		}
		replies, err := h.HandleAll(context.Background(), msgs)
		if err != nil {
			return err
		}
		for _, r := range replies {
			if err := out.Encode(line{Device: l.Device, Raw: r.Payload}); err != nil {
				return err
			}
		}
	}
	return nil
}

// crashTill is a till with the memory of a journal: it sends again whatever
// was not acknowledged.
type crashTill struct {
	*hubtest.Till
	events [][]byte // event n is events[n-1]
	acked  uint64
}

// TestKilledAtAnyMoment kills the hub with SIGKILL in the middle of its writes,
// again and again, while two tills keep selling. The ledger of the test judges.
func TestKilledAtAnyMoment(t *testing.T) {
	rounds, perRound := 8, 60
	if testing.Short() {
		rounds = 3
	}
	dir, ctx := t.TempDir(), context.Background()
	path := filepath.Join(dir, "demo.db")
	fill(t, path)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	tills := []*crashTill{{Till: hubtest.NewTill("counter-1", "C1")}, {Till: hubtest.NewTill("counter-2", "C2")}}
	sold := map[string]int64{}
	for _, c := range tills {
		c.events = append(c.events, c.Reset())
	}
	for round := range rounds {
		for range perRound {
			c := tills[dice.IntN(2)]
			item := hubtest.Item(1 + dice.IntN(3))
			sold[item.ID]++
			c.events = append(c.events, c.Event(c.Sale(item)))
		}
		kill := 1 + dice.IntN(6)
		if round == rounds-1 {
			kill = 0 // the last one may finish
		}
		runChild(t, path, tills, kill)
	}
	judge(ctx, t, path, tills, sold)
}

// TestAfterAFailedSyncNothingIsWritten lets one sync of the database fail with
// EIO. The hub must stop and say so, although the next sync would succeed, and
// what it acknowledged before must be there afterwards.
func TestAfterAFailedSyncNothingIsWritten(t *testing.T) {
	storetest.OnlySQLite(t, "the disk is a server's own")
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	path := filepath.Join(t.TempDir(), "demo.db")
	fill(t, path)
	c := &crashTill{Till: hubtest.NewTill("counter-1", "C1")}
	var in, out, words bytes.Buffer
	enc := json.NewEncoder(&in)
	c.events = append(c.events, c.Reset())
	// strace counts per thread: enough commits that some thread gets there.
	const sales = 700
	for range sales {
		c.events = append(c.events, c.Event(c.Sale(hubtest.Item(1))))
	}
	for _, raw := range c.events {
		if err := enc.Encode(line{c.Device, raw}); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(strace, "-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=4", os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &words
	if err := cmd.Run(); err == nil || !strings.Contains(words.String(), store.ErrFailed.Error()) {
		t.Fatalf("the hub ended with %v and said %q", err, words.String())
	}
	tills := []*crashTill{c, {Till: hubtest.NewTill("counter-2", "C2")}}
	for dec := json.NewDecoder(&out); ; {
		var l line
		if dec.Decode(&l) != nil {
			break
		}
		take(t, tills, l)
	}
	t.Logf("%d of %d events were acknowledged before the disk failed", c.acked, len(c.events))
	if c.acked == uint64(len(c.events)) {
		t.Error("the hub went on after the failed sync")
	}
	runChild(t, path, tills, 0)
	judge(context.Background(), t, path, tills[:1], map[string]int64{hubtest.Item(1).ID: sales})
}

func fill(t *testing.T, path string) {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, storetest.On(t, store.Config{Path: path, Shop: hubtest.Shop}))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(hubtest.Fill(ctx, s, 3, "counter-1", "counter-2"), s.Close()); err != nil {
		t.Fatal(err)
	}
}

// runChild starts a hub, sends it everything that is not acknowledged, and
// kills it after a number of acknowledgements; 0 waits for all of them.
func runChild(t *testing.T, path string, tills []*crashTill, kill int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sent, from := make(chan struct{}), []uint64{tills[0].acked, tills[1].acked}
	go func() {
		defer close(sent)
		sendAll(in, tills, from)
	}()
	acks := json.NewDecoder(bufio.NewReader(out))
	for n := 1; !settled(tills); n++ {
		var l line
		if err := acks.Decode(&l); err != nil {
			t.Errorf("the hub said no more: %v", err)
			break
		}
		take(t, tills, l)
		if n == kill {
			break
		}
	}
	_ = cmd.Process.Kill()
	<-sent
	// What it said before it died counts as well.
	for {
		var l line
		if acks.Decode(&l) != nil {
			break
		}
		take(t, tills, l)
	}
	_ = cmd.Wait() // killed
}

// sendAll writes what is not acknowledged, the tills in turn. Errors mean that
// the hub is dead, which is the point.
func sendAll(in io.Writer, tills []*crashTill, from []uint64) {
	enc := json.NewEncoder(in)
	for more := true; more; {
		more = false
		for i, c := range tills {
			if from[i] < uint64(len(c.events)) {
				more = true
				if enc.Encode(line{c.Device, c.events[from[i]]}) != nil {
					return
				}
				from[i]++
			}
		}
	}
}

func settled(tills []*crashTill) bool {
	for _, c := range tills {
		if c.acked < uint64(len(c.events)) {
			return false
		}
	}
	return true
}

func take(t *testing.T, tills []*crashTill, l line) {
	t.Helper()
	ack := body(t, hub.Reply{Payload: l.Raw}).(*protocol.HubAck)
	if len(ack.Rejected) > 0 || ack.Resend > 0 {
		t.Errorf("%s: got %+v", l.Device, ack)
	}
	for _, c := range tills {
		if c.Device == l.Device {
			c.acked = max(c.acked, ack.Upto)
		}
	}
}

// judge compares the database with what the tills did.
func judge(ctx context.Context, t *testing.T, path string, tills []*crashTill, sold map[string]int64) {
	t.Helper()
	s, err := store.Open(ctx, storetest.On(t, store.Config{Path: path, Shop: hubtest.Shop}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	want := int64(0)
	for _, c := range tills {
		want += int64(len(c.events)) - 1
		for n := 1; n < len(c.events); n++ {
			if _, err := s.SaleFile(ctx, fmt.Sprintf("%s-%06d", c.Prefix, n)); err != nil {
				t.Errorf("an acknowledged sale is gone: %v", err)
			}
		}
	}
	if taken, err := s.Takings(ctx, 0, 1<<60); err != nil || taken.Sales != want {
		t.Errorf("%d sales in the database, %d were made, %v", taken.Sales, want, err)
	}
	for id, n := range sold {
		row, moves, err := s.Stock(ctx, id, 10_000)
		if err != nil || row.OnHand != 100-n || int64(len(moves)) != n+1 {
			t.Errorf("%s: %d on hand after %d moves, %d were sold of 100, %v", id, row.OnHand, len(moves)-1, n, err)
		}
	}
}
