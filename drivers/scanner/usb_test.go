package scanner_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/drivers/scanner"
)

// TestUSBPorts reads a tree as the kernel lays it out: a scanner in serial mode
// on the device itself, a converter cable with a layer between, an on-board port
// and a console without device.
func TestUSBPorts(t *testing.T) {
	root := t.TempDir()
	usb := filepath.Join(root, "devices", "platform", "usb1")
	tty := func(device, name string) {
		dir := filepath.Join(device, "tty", name)
		must(t, os.MkdirAll(dir, 0o755))
		must(t, os.Symlink(device, filepath.Join(dir, "device")))
		must(t, os.MkdirAll(filepath.Join(root, "class", "tty"), 0o755))
		must(t, os.Symlink(dir, filepath.Join(root, "class", "tty", name)))
	}
	attrs := func(device string, attrs map[string]string) {
		must(t, os.MkdirAll(device, 0o755))
		for name, value := range attrs {
			must(t, os.WriteFile(filepath.Join(device, name), []byte(value+"\n"), 0o600))
		}
	}
	attrs(filepath.Join(usb, "1-1.3"), map[string]string{"idVendor": "0c2e", "idProduct": "0b61", "serial": "A1", "manufacturer": "Maker", "product": "Scanner"})
	tty(filepath.Join(usb, "1-1.3", "1-1.3:1.0"), "ttyACM0")
	tty(filepath.Join(usb, "1-1.3", "1-1.3:1.2"), "ttyACM1")
	attrs(filepath.Join(usb, "1-1.2"), map[string]string{"idVendor": "1a86", "idProduct": "7523"})
	tty(filepath.Join(usb, "1-1.2", "1-1.2:1.0", "ttyUSB0"), "ttyUSB0")
	tty(filepath.Join(root, "devices", "platform", "serial8250"), "ttyS0")
	must(t, os.MkdirAll(filepath.Join(root, "class", "tty", "console"), 0o755))

	got, err := scanner.USBPorts(root)
	must(t, err)
	twoPorts := scanner.Identity{Vendor: "0C2E", Product: "0B61", Serial: "A1", Location: "1-1.3"}
	want := []scanner.USBPort{
		{Path: "/dev/ttyUSB0", Identity: scanner.Identity{Vendor: "1A86", Product: "7523", Location: "1-1.2"}},
		{Path: "/dev/ttyACM0", Identity: twoPorts, Maker: "Maker", Model: "Scanner"},
		{Path: "/dev/ttyACM1", Identity: twoPorts, Maker: "Maker", Model: "Scanner"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUSBPortsWithoutSysfs(t *testing.T) {
	if ports, err := scanner.USBPorts(t.TempDir()); err == nil {
		t.Errorf("got %v, want an error", ports)
	}
}
