package scanner

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Identity is a USB device as it is known across nodes and reboots. Vendor and
// Product are four hexadecimal digits, in any case. Serial tells two scanners of
// one model apart; for models without serial numbers Location does, the port
// they are plugged into as the kernel names it, such as "1-1.2". Empty fields
// match everything; Vendor and Product must be set unless Location is.
type Identity struct {
	Vendor, Product, Serial, Location string
}

// ParseIdentity reads "vendor:product", "vendor:product:serial", either followed
// by "@location", or "@location" alone. It is the reverse of
// [Identity.String].
func ParseIdentity(s string) (Identity, error) {
	var id Identity
	device := s
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		device, id.Location = s[:at], s[at+1:]
	}
	if device != "" {
		parts := strings.SplitN(device, ":", 3)
		if len(parts) < 2 {
			return Identity{}, fmt.Errorf("usb identity %q: want vendor:product or vendor:product:serial", s)
		}
		id.Vendor, id.Product = strings.ToUpper(parts[0]), strings.ToUpper(parts[1])
		id.Serial = strings.Join(parts[2:], "")
	}
	return id, id.check()
}

// String writes the key of the device: "0C2E:0B61:SN123@1-1.2" as far as the
// fields are set.
func (id Identity) String() string {
	var b strings.Builder
	if id.Vendor != "" || id.Product != "" {
		b.WriteString(strings.ToUpper(id.Vendor + ":" + id.Product))
		if id.Serial != "" {
			b.WriteString(":" + id.Serial)
		}
	}
	if id.Location != "" {
		b.WriteString("@" + id.Location)
	}
	return b.String()
}

func (id Identity) check() error {
	if id.Vendor == "" && id.Product == "" && id.Serial == "" && id.Location != "" {
		return nil
	}
	for _, part := range []string{id.Vendor, id.Product} {
		if len(part) != 4 || strings.Trim(part, "0123456789abcdefABCDEF") != "" {
			return fmt.Errorf("usb identity %q: vendor and product are four hexadecimal digits each", id)
		}
	}
	return nil
}

// matches reports whether a device found is the one looked for.
func (id Identity) matches(found Identity) bool {
	return (id.Vendor == "" || strings.EqualFold(id.Vendor, found.Vendor)) &&
		(id.Product == "" || strings.EqualFold(id.Product, found.Product)) &&
		(id.Serial == "" || id.Serial == found.Serial) &&
		(id.Location == "" || id.Location == found.Location)
}

// USBPort is a serial port of a USB device that is plugged in.
type USBPort struct {
	// Path is the node, such as /dev/ttyACM0.
	Path string
	// Identity has all fields that the device has.
	Identity Identity
	// Maker and Model are the device's own words, for a person choosing.
	Maker, Model string
}

// USBPorts lists the serial ports of USB devices from the kernel's sysfs, which
// is at /sys, ordered by location and node. It opens no port: the enumerator of
// the serial library opens every on-board port to try it, and would change the
// speed of a receipt printer there. A port that vanishes meanwhile is left out.
func USBPorts(sysfs string) ([]USBPort, error) {
	dir := filepath.Join(sysfs, "class", "tty")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("list serial ports: %w", err)
	}
	var ports []USBPort
	for _, e := range entries {
		port, ok := usbPort(filepath.Join(dir, e.Name()))
		if ok {
			ports = append(ports, port)
		}
	}
	slices.SortFunc(ports, func(a, b USBPort) int {
		return cmp.Or(strings.Compare(a.Identity.Location, b.Identity.Location), strings.Compare(a.Path, b.Path))
	})
	return ports, nil
}

// usbPort walks from a tty up to the USB device it belongs to.
func usbPort(tty string) (USBPort, bool) {
	dir, err := filepath.EvalSymlinks(filepath.Join(tty, "device"))
	if err != nil {
		return USBPort{}, false
	}
	for range 5 { // tty, serial converter, interface, device: never deeper
		if _, err := os.Stat(filepath.Join(dir, "idVendor")); err == nil {
			return describe(tty, dir)
		}
		dir = filepath.Dir(dir)
	}
	return USBPort{}, false
}

func describe(tty, device string) (USBPort, bool) {
	attr := func(name string) string {
		b, err := os.ReadFile(filepath.Join(device, name))
		if err != nil {
			return "" // the device has no such attribute, or is going away
		}
		return strings.TrimSpace(string(b))
	}
	id := Identity{
		Vendor:   strings.ToUpper(attr("idVendor")),
		Product:  strings.ToUpper(attr("idProduct")),
		Serial:   attr("serial"),
		Location: filepath.Base(device),
	}
	port := USBPort{
		Path:     "/dev/" + strings.ReplaceAll(filepath.Base(tty), "!", "/"), // the kernel writes "!" for "/"
		Identity: id,
		Maker:    attr("manufacturer"),
		Model:    attr("product"),
	}
	return port, id.Vendor != "" && id.Product != ""
}

// errAmbiguous and errAbsent are why no single port was found.
var (
	errAmbiguous = errors.New("several ports match")
	errAbsent    = fmt.Errorf("no port matches: %w", fs.ErrNotExist)
)

// find returns the one port that id names. Of several ports of one device it
// is the first.
func find(ports []USBPort, id Identity) (USBPort, error) {
	var found []USBPort
	for _, p := range ports {
		if id.matches(p.Identity) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return USBPort{}, errAbsent
	}
	for _, p := range found[1:] {
		if p.Identity.Location != found[0].Identity.Location {
			return USBPort{}, errAmbiguous
		}
	}
	return found[0], nil
}
