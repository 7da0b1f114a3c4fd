package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestThePublicAddressIsNotTheOffice serves receipts on an address of their own,
// which knows no page of the office; the office then has no receipts without
// sign-in.
func TestThePublicAddressIsNotTheOffice(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hub")
	if code, out := hub(t, "seed", "demo", "--data", data); code != 0 {
		t.Fatal(out)
	}
	own := freePort(t)
	s := serve(t, data, "--public-addr", own)
	for _, path := range []string{"/", "/healthz", "/signin", "/devices", "/customers", "/assets/office.css", "/stripe/webhook", "/reports"} {
		if got := status(t, "http://"+own+path); got != http.StatusNotFound {
			t.Errorf("%s on the public address answers %d", path, got)
		}
	}
	for address, want := range map[string]string{own: "default-src 'none'; style-src 'sha256-", s.web: "default-src 'none'; style-src 'self'"} {
		res, err := http.Get("http://" + address + "/r/nobody-has-this")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only its headers count
		if p := res.Header.Get("Content-Security-Policy"); res.StatusCode != http.StatusNotFound || !strings.HasPrefix(p, want) {
			t.Errorf("%s: status %d, policy %q", address, res.StatusCode, p)
		}
	}
}

func TestReceiptsBesideTheOffice(t *testing.T) {
	s := serve(t, t.TempDir())
	res, err := http.Get("http://" + s.web + "/r/nobody-has-this")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only its headers count
	if res.Header.Get("X-Robots-Tag") == "" || res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d, headers %v", res.StatusCode, res.Header)
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only its status counts
	return res.StatusCode
}

func TestPaperlessMistakesAreExplained(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hub")
	if code, out := hub(t, "seed", "demo", "--data", data); code != 0 {
		t.Fatal(out)
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	server := []string{"serve", "--data", data, "--shop", "demo", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"}
	rules := []string{"receipts", "--data", data, "--shop", "demo"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{append(server, "--smtp", "mail.example.com"), "a port"},
		{append(server, "--smtp", "mail.example.com:587"), "sender"},
		{append(server, "--smtp", "mail.example.com:587", "--mail-from", "a@b.ca", "--smtp-user", "shop", "--smtp-password", open), "chmod 600"},
		{append(server, "--smtp", "mail.example.com:587", "--mail-from", "a@b.ca", "--smtp-security", "rot13"), "starttls"},
		{append(rules, "--url", "shop.example"), "https://receipts.example.com"},
		{append(rules, "--on-paper", "perhaps"), "on or off"},
		{append(rules, "--days", "-4"), "1 to 3650"},
	} {
		if code, out := hub(t, c.args...); code != 1 || !strings.Contains(out, c.want) {
			t.Errorf("hub %q: exit %d, %s; want %q", c.args, code, out, c.want)
		}
	}
	if code, out := hub(t, append(rules, "--url", "https://shop.example", "--on-paper", "on", "--days", "30")...); code != 0 || !strings.Contains(out, "https://shop.example, for 30 days; QR code on paper on") {
		t.Errorf("exit %d, %s", code, out)
	}
	if code, out := hub(t, append(rules, "--url", "off")...); code != 0 || !strings.Contains(out, "no QR code") {
		t.Errorf("exit %d, %s", code, out)
	}
}
