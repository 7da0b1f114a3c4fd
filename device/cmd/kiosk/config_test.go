//go:build headless

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var needed = []string{"-shop", "demo", "-device", "counter-1", "-slip", "C1", "-hub", "tcp://127.0.0.1:1883", "-data", "var"}

func TestFlagsOverruleTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "counter.toml")
	text := `
shop = "demo"
device = "counter-9"
slip = "C9"
hub = "tcp://192.0.2.1:1883"
data = "/var/lib/kickstand"
theme = "dark"

[printer]
address = "usb:/dev/usb/lp*"
profile = "epson-tm-m30"

[[scanner]]
usb = "0c2e:0b61"
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readConfig([]string{"-config", file, "-device", "counter-2", "--slip=C2"})
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Shop: "demo", Device: "counter-2", Role: "counter", Slip: "C2", Hub: "tcp://192.0.2.1:1883",
		Data: "/var/lib/kickstand", Panel: "10.1", Theme: "dark",
		Printer:  PrinterConfig{Address: "usb:/dev/usb/lp*", Profile: "epson-tm-m30"},
		Scanners: []ScannerConfig{{USB: "0c2e:0b61"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestWrongSettingsSayWhatToDo(t *testing.T) {
	unknown := filepath.Join(t.TempDir(), "unknown.toml")
	if err := os.WriteFile(unknown, []byte("colour = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name string
		args []string
		says string
	}{
		{"nothing set", nil, "-shop"},
		{"capital in a shop id", append([]string{"-role", "counter"}, replaced("demo", "Demo")...), "a-z, 0-9"},
		{"unknown role", append([]string{"-role", "oracle"}, needed...), "counter or kiosk"},
		{"slip with a dash", replaced("C1", "C-1"), "A-Z and 0-9"},
		{"workbench beside real hardware", append([]string{"-workbench", "127.0.0.1:1"}, needed...), "-sim"},
		{"skewed clock on real hardware", append([]string{"-skew", "1h"}, needed...), "-sim"},
		{"unknown key", append([]string{"-config", unknown}, needed...), "do not exist"},
		{"missing file", append([]string{"-config", unknown + ".no"}, needed...), "no such file"},
		{"left over word", append(append([]string{}, needed...), "please"), "unexpected"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := readConfig(row.args)
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
		})
	}
}

// replaced is needed with one value replaced by another.
func replaced(old, value string) []string {
	var args []string
	for _, a := range needed {
		if a == old {
			a = value
		}
		args = append(args, a)
	}
	return args
}
