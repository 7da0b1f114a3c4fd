package flow_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/slip"
)

var update = flag.Bool("update", false, "rewrite the stories in testdata with what happens")

func itoa(n int) string { return strconv.Itoa(n) }

// TestStories replays testdata/*.txt. A story is commands, each followed by
// what the screen then says and what the device does, four columns in. Lines
// beginning with # are for the reader.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d stories found, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { replay(t, file) })
	}
}

func replay(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, file: file}
	var got strings.Builder
	for i, line := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		if strings.HasPrefix(line, "    ") {
			continue
		}
		got.WriteString(line + "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			s.line = i + 1
			got.WriteString(s.run(line))
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), got.String()); diff != "" {
		t.Errorf("the story goes differently (-told +happened); -update accepts it:\n%s", diff)
	}
}

// story is one replay.
type story struct {
	*desk
	t    *testing.T
	file string
	line int
	last string // what the screen said after the command before
}

func (s *story) run(line string) string {
	words, err := splitWords(line)
	if err != nil {
		s.t.Fatalf("%s:%d: %v", s.file, s.line, err)
	}
	verb, args := words[0], words[1:]
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch verb {
	case "open":
		s.desk = openDesk(protocol.Role(arg(0)))
	case "new":
		s.desk = newDesk(protocol.Role(arg(0)))
		s.post(flow.Booted{})
	case "look":
		return s.look()
	case "paper":
		return s.paper()
	default:
		if !s.event(verb, arg) {
			s.t.Fatalf("%s:%d: unknown command %q", s.file, s.line, verb)
		}
	}
	return s.tell()
}

// event runs the commands that are one event of the device.
func (s *story) event(verb string, arg func(int) string) bool {
	switch verb {
	case "scan":
		s.post(flow.Scanned{Scanner: "scanner:1", Code: arg(0), Wrong: arg(1) == "wrong"})
	case "garbage":
		s.post(flow.ScanTrouble{Scanner: "scanner:1", Why: "too long"})
	case "tap":
		s.post(flow.Tapped{ID: arg(0)})
	case "type":
		s.post(flow.Typed{Text: strings.NewReplacer("⏎", "\n", "⎋", "\x1b", "⌫", "\b").Replace(arg(0))})
	case "wait":
		d, err := time.ParseDuration(arg(0))
		if err != nil {
			s.t.Fatalf("%s:%d: %v", s.file, s.line, err)
		}
		s.pass(d.Milliseconds())
	case "printer", "scanner", "scanner:2", "journal":
		s.post(flow.PartChanged{Part: verb, State: flow.PartState(arg(0)), Detail: arg(1)})
	case "printed":
		s.post(flow.Printed{Job: s.job(), Proof: protocol.ProofConfirmed})
	case "print-failed":
		s.post(flow.Printed{Job: s.job(), Proof: protocol.ProofUnknown, Fault: arg(0), Clean: arg(1) == "clean"})
	case "drawer-opened":
		s.post(flow.Kicked{ID: s.kick(), Fault: arg(0)})
	default:
		return s.hubEvent(verb, arg)
	}
	return true
}

func (s *story) hubEvent(verb string, arg func(int) string) bool {
	n, _ := strconv.Atoi(arg(0))
	switch verb {
	case "online":
		s.post(flow.LinkChanged{Online: true})
	case "offline":
		s.post(flow.LinkChanged{Why: arg(0)})
	case "unsent":
		s.post(flow.HubAcked{Waiting: n})
	case "set-aside":
		s.post(flow.HubRejected{Seq: uint64(n), Reason: protocol.Reason(arg(1)), Detail: arg(2)})
	case "outbox":
		s.post(flow.OutboxFilled{Percent: n})
	case "clock-off":
		s.post(flow.ClockChecked{OffsetMS: int64(n) * 1000})
	case "memory-lost":
		s.post(flow.JournalRecovered{Why: arg(0)})
	case "slips-seen":
		s.post(flow.SlipsSeen{Last: int64(n)})
	case "settings":
		s.post(flow.SettingsChanged{Settings: shopSettings()})
	case "loading":
		total, _ := strconv.Atoi(arg(1))
		s.post(flow.CatalogueLoading{Have: n, Total: total})
	case "items":
		s.post(flow.CatalogueChanged{Index: catalogue.Build(7, shopItems())})
	case "price":
		s.reprice(arg(0), arg(1))
	case "power-cut":
		s.restart(arg(0))
	default:
		return false
	}
	return true
}

// reprice hands over a catalogue in which one item has another price.
func (s *story) reprice(id, price string) {
	all := shopItems()
	for i := range all {
		if n, err := strconv.Atoi(price); err == nil && all[i].ID == id {
			all[i].Price = flow.Cents(n)
		}
	}
	s.post(flow.CatalogueChanged{Index: catalogue.Build(8, all)})
}

// restart keeps what the journal keeps, lets the power be off for a while, and
// starts again.
func (s *story) restart(off string) {
	raw, err := json.Marshal(s.state.Durable)
	if err != nil {
		s.t.Fatal(err)
	}
	d, err := time.ParseDuration(off)
	if err != nil {
		s.t.Fatalf("%s:%d: %v", s.file, s.line, err)
	}
	state, err := flow.Restore(flow.New(s.state.Role, s.state.Prefix), raw)
	if err != nil {
		s.t.Fatal(err)
	}
	items := s.state.World.Items
	s.state, s.wallMS, s.monoMS, s.wakeMS = state, s.wallMS+d.Milliseconds(), 50, 0
	s.post(flow.Booted{}, flow.CatalogueChanged{Index: items}, flow.LinkChanged{Online: true})
}

// tell says what the screen says now, unless it says the same as before, and
// what the device does.
func (s *story) tell() string {
	var b strings.Builder
	says := summary(s.state.View())
	if says != s.last {
		b.WriteString(says)
	}
	s.last = says
	for _, e := range s.effects {
		if words := effectWords(e); words != "" {
			fmt.Fprintf(&b, "    -> %s\n", words)
		}
	}
	if b.Len() == 0 {
		return "    (nothing changes)\n"
	}
	return b.String()
}

// look lists everything that can be tapped.
func (s *story) look() string {
	var b strings.Builder
	for _, t := range s.state.View().Targets() {
		fmt.Fprintf(&b, "    [%s] %s", t.ID, t.Label)
		if !t.Enabled {
			fmt.Fprintf(&b, " (no: %s)", t.Why)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// paper shows the receipt of the last sale.
func (s *story) paper() string {
	r := s.state.Durable.Recent[0]
	return indent(plain(slip.Build(r.Sale, r.Copies, "")))
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ") + "\n"
}

// splitWords splits at blanks; "…" holds words together.
func splitWords(line string) ([]string, error) {
	var words []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		if rest[0] == '"' {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return nil, err
			}
			word, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, err
			}
			words, rest = append(words, word), rest[len(quoted):]
			continue
		}
		word, after, _ := strings.Cut(rest, " ")
		words, rest = append(words, word), after
	}
	return words, nil
}
