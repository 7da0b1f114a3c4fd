package scannertest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// publish makes the device tree entry and the link for a node such as
// /dev/pts/3, after clearing what a killed process may have left. The link comes
// last and in one step, so that whoever sees it can open it.
func (s *Scanner) publish(node string) error {
	device := s.device()
	if err := s.withdraw(); err != nil {
		return err
	}
	if err := s.describe(device); err != nil {
		return fmt.Errorf("device tree: %w", err)
	}
	name := strings.ReplaceAll(strings.TrimPrefix(node, "/dev/"), "/", "!")
	tty := filepath.Join(device, "interface", "tty", name)
	class := filepath.Join(s.Sysfs(), "class", "tty")
	steps := []error{
		os.MkdirAll(tty, 0o755),
		os.MkdirAll(class, 0o755),
		os.Symlink(filepath.Join(device, "interface"), filepath.Join(tty, "device")),
		s.relink(tty, filepath.Join(class, name)),
		s.relink(node, s.Path()),
	}
	return errors.Join(steps...)
}

// withdraw takes back what publish made: the link first. Of the class only what
// points to this scanner goes, for the kernel may have given a node's number to
// another meanwhile.
func (s *Scanner) withdraw() error {
	err := remove(s.Path())
	class := filepath.Join(s.Sysfs(), "class", "tty")
	names, rerr := os.ReadDir(class)
	if rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, rerr)
	}
	for _, name := range names {
		link := filepath.Join(class, name.Name())
		to, lerr := os.Readlink(link)
		if lerr == nil && strings.HasPrefix(to, s.device()+string(filepath.Separator)) {
			err = errors.Join(err, remove(link))
		}
	}
	return errors.Join(err, os.RemoveAll(s.device()))
}

// device is the directory of the USB device. Its name is its location.
func (s *Scanner) device() string {
	return filepath.Join(s.Sysfs(), "devices", "usb1", s.set.Name)
}

func (s *Scanner) describe(device string) error {
	if err := os.MkdirAll(device, 0o755); err != nil {
		return err
	}
	attrs := map[string]string{
		"idVendor":     s.set.Vendor,
		"idProduct":    s.set.Product,
		"serial":       s.set.Serial,
		"manufacturer": "Kickstand",
		"product":      "Virtual scanner",
	}
	for name, value := range attrs {
		if err := os.WriteFile(filepath.Join(device, name), []byte(value+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// relink points link to target in one step, whatever was there.
func (s *Scanner) relink(target, link string) error {
	tmp := filepath.Join(s.dir, "."+s.set.Name+".new")
	if err := remove(tmp); err != nil {
		return err
	}
	if err := os.Symlink(target, tmp); err != nil {
		return err
	}
	return os.Rename(tmp, link)
}

// remove is os.Remove for something that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
