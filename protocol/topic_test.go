package protocol_test

import (
	"errors"
	"strings"
	"testing"

	"kickstand/protocol"
)

var till = protocol.Address{Shop: "demo", Device: "counter-1"}

func TestTopicsAreReadBack(t *testing.T) {
	channels := []protocol.Channel{
		protocol.Evt, protocol.Ack, protocol.Birth, protocol.Will, protocol.Desired, protocol.Reported, protocol.Log, protocol.Metric,
	}
	for _, c := range channels {
		got, err := protocol.ParseTopic(till.Topic(c))
		if err != nil || got != (protocol.Topic{Address: till, Channel: c}) {
			t.Errorf("%s: %+v, %v", till.Topic(c), got, err)
		}
	}
	for c, topic := range map[protocol.Channel]string{protocol.Req: till.Question("q1"), protocol.Res: till.Answer("q1")} {
		got, err := protocol.ParseTopic(topic)
		if err != nil || got != (protocol.Topic{Address: till, Channel: c, Corr: "q1"}) {
			t.Errorf("%s: %+v, %v", topic, got, err)
		}
	}
}

// TestPartsStayWhereTheyAre pins the hash: hubs hold slices by it, so a device
// must never move to another.
func TestPartsStayWhereTheyAre(t *testing.T) {
	for device, want := range map[string]string{"counter-1": "33", "kiosk-1": "26", "a": "44"} {
		if got := protocol.Part(device); got != want || len(got) != 2 {
			t.Errorf("part of %s is %s, want %s", device, got, want)
		}
	}
	seen := map[string]bool{}
	for i := range 2000 {
		seen[protocol.Part(strings.Repeat("k", i%40)+string(rune('a'+i%26)))] = true
	}
	if len(seen) < protocol.Parts/2 {
		t.Errorf("2000 devices fall into %d parts of %d", len(seen), protocol.Parts)
	}
}

func TestForeignTopicsAreRefused(t *testing.T) {
	part := protocol.Part("counter-1")
	for name, topic := range map[string]string{
		"empty":               "",
		"another system":      "homeassistant/switch/1",
		"another version":     "ks/v2/demo/" + part + "/counter-1/evt",
		"too short":           "ks/v1/demo/" + part + "/counter-1",
		"too long":            "ks/v1/demo/" + part + "/counter-1/req/a/b",
		"wrong part":          "ks/v1/demo/99/counter-1/evt",
		"wildcard":            "ks/v1/demo/+/counter-1/evt",
		"unknown channel":     "ks/v1/demo/" + part + "/counter-1/cmd",
		"question without id": "ks/v1/demo/" + part + "/counter-1/req",
		"event with id":       "ks/v1/demo/" + part + "/counter-1/evt/1",
		"capital shop":        "ks/v1/Demo/" + part + "/counter-1/evt",
		"empty correlation":   "ks/v1/demo/" + part + "/counter-1/req/",
		"very long device":    "ks/v1/demo/00/" + strings.Repeat("a", 49) + "/evt",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := protocol.ParseTopic(topic); !errors.Is(err, protocol.ErrTopic) {
				t.Errorf("%+v, %v; want ErrTopic", got, err)
			}
		})
	}
}

func TestFiltersMatchTheirTopics(t *testing.T) {
	for c, want := range map[protocol.Channel]string{protocol.Evt: "ks/v1/demo/+/+/evt", protocol.Req: "ks/v1/demo/+/+/req/+"} {
		if got := protocol.Filter("demo", c); got != want {
			t.Errorf("filter %s, want %s", got, want)
		}
	}
	if got, want := till.Answers(), till.Answer("x"); strings.TrimSuffix(got, "+") != strings.TrimSuffix(want, "x") {
		t.Errorf("answers %s do not match %s", got, want)
	}
}

func FuzzParseTopic(f *testing.F) {
	f.Add(till.Topic(protocol.Evt))
	f.Add(till.Question("q1"))
	f.Add("ks/v1////")
	f.Add("ks/v1/demo/00/a/res/\x00")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := protocol.ParseTopic(s)
		if err != nil {
			if !errors.Is(err, protocol.ErrTopic) {
				t.Fatalf("error %v is not ErrTopic", err)
			}
			return
		}
		back := got.Address.Topic(got.Channel)
		if got.Corr != "" {
			back += "/" + got.Corr
		}
		if back != s {
			t.Fatalf("%q was read as %q", s, back)
		}
	})
}
