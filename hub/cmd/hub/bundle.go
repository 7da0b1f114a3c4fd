package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/audit"
	"kickstand/hub/bundle"
	"kickstand/hub/store"
)

// bundleCommand writes everything a shop owns into one file, or checks one. The
// hub may be running.
func bundleCommand(ctx context.Context, args []string) (err error) {
	var c Config
	fs := c.flags("bundle")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	c.S3.flags(fs)
	words, err := c.words(fs, args)
	if err != nil {
		return err
	}
	if len(words) > 0 && words[0] == "verify" {
		return bundleVerify(words[1:])
	}
	if len(words) != 1 {
		return errors.New("say where to write it: hub bundle --data DIR --shop ID FILE.zip")
	}
	if err := errors.Join(c.check(), mustExist(ctx, c)); err != nil {
		return err
	}
	at := c.store()
	at.Look = true
	db, err := store.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := c.maker(db)
	if err != nil {
		return err
	}
	r, err := m.Write(ctx, words[0])
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s It holds customers' data: keep it where only you can read it.\nSHA-256 %s\n", words[0], r.Words(), r.Digest)
	return nil
}

// maker makes bundles of an open shop.
func (c *Config) maker(db *store.Store) (bundle.Maker, error) {
	objects, err := c.objects()
	if err != nil {
		return bundle.Maker{}, err
	}
	m := bundle.Maker{Store: db, Objects: objects, Dir: c.Data}
	key, err := audit.OpenKey(c.keyFile(), c.Shop)
	if err == nil {
		m.Key = key.Public()
	} else if !errors.Is(err, audit.ErrNoKey) {
		return m, err
	}
	return m, nil
}

// bundleVerify checks a file anywhere.
func bundleVerify(words []string) error {
	if len(words) != 1 {
		return errors.New("say which: hub bundle verify FILE.zip")
	}
	n, err := bundle.Verify(words[0])
	if err != nil {
		return err
	}
	info, err := os.Stat(words[0])
	if err != nil {
		return err
	}
	fmt.Printf("%s: all %d parts are as they were written (%d bytes). Unpacked, its journal is checked by hub audit verify --file journal\n",
		filepath.Base(words[0]), n, info.Size())
	return nil
}
