package main_test

import (
	"strings"
	"testing"
)

// TestDevicesAreEnrolled lets a third counter into the demo shop, keeps two
// devices from sharing slip numbers, and takes one out again.
func TestDevicesAreEnrolled(t *testing.T) {
	data := t.TempDir()
	if code, out := hub(t, "seed", "demo", "--data", data); code != 0 {
		t.Fatalf("seed: %s", out)
	}
	at := []string{"--data", data, "--shop", "demo"}
	rows := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a new counter", []string{"enrol", "--device", "counter-3", "--slip", "C3", "--name", "Workshop"}, 0, "counter-3 may speak"},
		{"again with another name", []string{"enrol", "--device", "counter-3", "--slip", "C3", "--name", "Back room"}, 0, "counter-3 may speak"},
		{"a prefix that is taken", []string{"enrol", "--device", "counter-4", "--slip", "C1"}, 1, "choose another"},
		{"no prefix", []string{"enrol", "--device", "counter-4"}, 1, "--slip"},
		{"an id with a capital", []string{"enrol", "--device", "Counter", "--slip", "C9"}, 1, "a-z"},
		{"an unknown role", []string{"enrol", "--device", "counter-4", "--slip", "C9", "--role", "oracle"}, 1, "counter or kiosk"},
		{"retire", []string{"retire", "--device", "kiosk-1"}, 0, "may not speak"},
		{"retire nobody", []string{"retire", "--device", "kiosk-7"}, 1, "no device"},
		{"an unknown word", []string{"adopt"}, 1, "enrol, reader, retire or list"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			args := append([]string{"device", row.args[0]}, append(at, row.args[1:]...)...)
			code, out := hub(t, args...)
			if code != row.code || !strings.Contains(out, row.says) {
				t.Errorf("exit %d, %q; want exit %d and %q", code, out, row.code, row.says)
			}
		})
	}
	_, list := hub(t, append([]string{"device", "list"}, at...)...)
	for _, want := range []string{"counter-3", "Back room", "retired"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list does not say %q:\n%s", want, list)
		}
	}
}
