package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"kickstand/display/scene"
	"kickstand/protocol"
)

// Config is everything that can be set, with its default in brackets. It is
// read from a TOML file, then the flags of the same names overrule it.
type Config struct {
	Shop    string `toml:"shop"`    // shop id; required
	Device  string `toml:"device"`  // device id; required
	Role    string `toml:"role"`    // "counter" or "kiosk" ["counter"]
	Slip    string `toml:"slip"`    // prefix of slip numbers, "K3"; required
	Hub     string `toml:"hub"`     // MQTT broker, "tcp://hub.example:1883"; required
	Data    string `toml:"data"`    // directory of the journal; required
	Panel   string `toml:"panel"`   // "7", "10.1" or "15.6" inches ["10.1"]
	Theme   string `toml:"theme"`   // "light", "dark" or "contrast" ["light"]
	Large   bool   `toml:"large"`   // large text
	Full    bool   `toml:"full"`    // cover the whole screen, no frame, no pointer
	Verbose bool   `toml:"verbose"` // log every step

	// AcceptHistory is the code of a refused journal of the hub that this device may
	// go on with. It is a flag only, for one start.
	AcceptHistory string `toml:"-"`

	Sim       bool          `toml:"sim"`       // virtual scanner, printer and drawer instead of real ones
	Workbench string        `toml:"workbench"` // address of the workbench of a simulated device, loopback only
	Skew      time.Duration `toml:"skew"`      // how far the clock of a simulated device is wrong

	Printer  PrinterConfig   `toml:"printer"`
	Scanners []ScannerConfig `toml:"scanner"`
}

// PrinterConfig says where the receipt printer is and what it can do.
type PrinterConfig struct {
	// Address is "tcp:192.0.2.7:9100", "usb:/dev/usb/lp*" or
	// "serial:/dev/serial/by-id/…"; empty is no printer.
	Address string `toml:"address"`
	Baud    int    `toml:"baud"`    // of a serial printer [9600]
	Profile string `toml:"profile"` // one of the shipped profiles ["generic-80"]
}

// ScannerConfig says how to find a barcode scanner: by USB identity
// "vendor:product[:serial]", or by path.
type ScannerConfig struct {
	USB  string `toml:"usb"`
	Path string `toml:"path"`
	Baud int    `toml:"baud"` // [9600]
}

// readConfig reads the file named by -config, then the flags.
func readConfig(args []string) (Config, error) {
	c := Config{Role: string(protocol.Counter), Panel: "10.1", Theme: string(scene.Light), Printer: PrinterConfig{Profile: "generic-80"}}
	if path := configPath(args); path != "" {
		if err := c.load(path); err != nil {
			return Config{}, err
		}
	}
	fs := flag.NewFlagSet("kiosk", flag.ContinueOnError)
	fs.String("config", "", "TOML `file` to read first; the flags below overrule it")
	fs.StringVar(&c.Shop, "shop", c.Shop, "shop `id`")
	fs.StringVar(&c.Device, "device", c.Device, "device `id`")
	fs.StringVar(&c.Role, "role", c.Role, "counter or kiosk")
	fs.StringVar(&c.Slip, "slip", c.Slip, "`prefix` of slip numbers, 1 to 8 of A-Z and 0-9")
	fs.StringVar(&c.Hub, "hub", c.Hub, "MQTT broker `url` of the hub")
	fs.StringVar(&c.Data, "data", c.Data, "`directory` of the journal")
	fs.StringVar(&c.Panel, "panel", c.Panel, "7, 10.1 or 15.6 `inches`")
	fs.StringVar(&c.Theme, "theme", c.Theme, "light, dark or contrast")
	fs.BoolVar(&c.Large, "large", c.Large, "large text")
	fs.BoolVar(&c.Full, "full", c.Full, "cover the whole screen")
	fs.BoolVar(&c.Verbose, "verbose", c.Verbose, "log every step")
	fs.StringVar(&c.Printer.Address, "printer", c.Printer.Address, "receipt printer `address`: tcp:host:9100, usb:/dev/usb/lp*, serial:/dev/…")
	fs.StringVar(&c.Printer.Profile, "profile", c.Printer.Profile, "what the printer can do: `name` of a shipped profile")
	fs.StringVar(&c.AcceptHistory, "accept-history", "", "`code` of a refused journal of the hub that this device may go on with, as after an older backup was restored")
	fs.BoolVar(&c.Sim, "sim", c.Sim, "virtual scanner, printer and drawer")
	fs.DurationVar(&c.Skew, "skew", c.Skew, "with -sim: how far the device's clock is wrong, 8760h is a year ahead")
	fs.StringVar(&c.Workbench, "workbench", c.Workbench, "loopback `address` of the workbench, with -sim")
	if err := fs.Parse(args); err != nil {
		return Config{}, err
	}
	if fs.NArg() > 0 {
		return Config{}, fmt.Errorf("unexpected %q: all settings are flags, see -help", fs.Arg(0))
	}
	return c, c.check()
}

// configPath finds -config before the flags are parsed, because the file's
// values are the flags' defaults.
func configPath(args []string) string {
	for i, a := range args {
		name, value, set := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if name != "config" || !strings.HasPrefix(a, "-") {
			continue
		}
		if set {
			return value
		}
		if i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

func (c *Config) load(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	d := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return fmt.Errorf("%s has settings that do not exist:\n%s", path, strict)
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// check reports everything that is missing or wrong at once.
func (c Config) check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(protocol.CheckID(c.Shop) == nil, "-shop %q must be 1 to 48 of a-z, 0-9 and -", c.Shop)
	need(protocol.CheckID(c.Device) == nil, "-device %q must be 1 to 48 of a-z, 0-9 and -", c.Device)
	need(c.Role == string(protocol.Counter) || c.Role == string(protocol.Kiosk), "-role %q must be counter or kiosk", c.Role)
	need(slipPrefix(c.Slip), "-slip %q must be 1 to 8 of A-Z and 0-9, and no other device's", c.Slip)
	need(c.Hub != "", "-hub is missing: the broker's url, tcp://host:1883")
	need(c.Data != "", "-data is missing: the directory of the journal")
	need(c.Skew == 0 || c.Sim, "-skew needs -sim: real devices keep the right time")
	need(c.Workbench == "" || c.Sim, "-workbench needs -sim: it drives virtual hardware only")
	return errors.Join(errs...)
}

func slipPrefix(s string) bool {
	outside := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	return len(s) >= 1 && len(s) <= 8 && !strings.ContainsFunc(s, outside)
}
