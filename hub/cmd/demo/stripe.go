package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kickstand/hub/pay/paytest"
)

// stripe is the simulated Stripe of the demo shop: no account, no outside world,
// a page to play the customer at the readers, and a ledger that outlives a
// restart.
type stripe struct {
	address string // of API and page
	data    string // where ledger and secrets lie
	hook    string // URL of the hub's webhook
}

// readers are the card readers of the demo shop's devices, see hub/seed.
var readers = [...]string{"tmr_counter1", "tmr_counter2", "tmr_kiosk1"}

// secrets writes the API key and the webhook's secret into two files, once, and
// returns their names.
func (s stripe) secrets() (key, hook string, err error) {
	key, hook = filepath.Join(s.data, "key"), filepath.Join(s.data, "webhook")
	err = errors.Join(os.MkdirAll(s.data, 0o700), mint(key, "sk_test_"), mint(hook, "whsec_"))
	if err != nil {
		return "", "", fmt.Errorf("secrets of the simulated Stripe: %w", err)
	}
	return key, hook, nil
}

// mint writes a new secret into a file that is not there yet.
func mint(file, prefix string) error {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(prefix + hex.EncodeToString(b[:]) + "\n")
	return errors.Join(err, f.Close())
}

// serve runs the simulated Stripe until ctx ends. Its customers wait for whoever
// plays them on the page.
func (s stripe) serve(ctx context.Context) error {
	keyFile, hookFile, err := s.secrets()
	if err != nil {
		return err
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	hook, err := os.ReadFile(hookFile)
	if err != nil {
		return err
	}
	bank, err := paytest.Open(paytest.Config{
		Key: strings.TrimSpace(string(key)), Webhook: strings.TrimSpace(string(hook)), Pages: "http://" + s.address, Late: 2 * time.Second,
		Customer: func(string, int64) paytest.Act { return paytest.Slow(time.Hour) },
	}, filepath.Join(s.data, "ledger.json"))
	if err != nil {
		return err
	}
	for _, r := range readers {
		bank.AddReader(r)
	}
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("open the simulated Stripe at %s: %w; is another one running there?", s.address, err)
	}
	return bank.Serve(ctx, paytest.Service{API: l, Hook: s.hook})
}
