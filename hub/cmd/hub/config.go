package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"kickstand/hub/mail"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// Config is everything that can be set, with its default in brackets.
type Config struct {
	Data   string // directory of the shop's database, keys and receipts; created when missing; required
	Shop   string // shop id, 1 to 48 of a-z, 0-9 and -; names the database file DIR/ID.db; required
	DB     string // url of a PostgreSQL database instead of that file, postgres://user@host/name [none]
	DBFile string // file that holds this url, when it has a password [none]
	S3     s3     // object store of the receipts instead of DIR/receipts [none]
	Web    string // address of the office pages [127.0.0.1:8080]; anything but loopback needs passwords
	Locked bool   // reading the office needs a password on loopback too [false]
	MQTT   string // address of the embedded broker [127.0.0.1:1883]
	Broker string // url of an outside broker, tcp://host:1883, instead of the embedded one [none]
	Log    string // debug or info [info]

	Public       string      // address of its own for the receipts that customers open [none: beside the office]
	Mail         mail.Server // that receipts are sent by [none]
	MailPassword string      // file with its password [none]

	StripeKey     string // file with the key of the Stripe account; empty: the shop takes no cards [none]
	StripeWebhook string // file with the signing secrets of the webhook endpoint, one a line [none]
	StripeURL     string // where Stripe is, for tests [https://api.stripe.com]
	Interac       bool   // readers also take Interac debit cards [false]
}

// flags returns the flags that all commands share. Unknown flags are errors.
func (c *Config) flags(command string) *flag.FlagSet {
	fs := flag.NewFlagSet("hub "+command, flag.ContinueOnError)
	fs.StringVar(&c.Data, "data", "", "`directory` of the shop's database, keys and receipts; required")
	fs.StringVar(&c.DB, "db", "", "`url` of a PostgreSQL database instead of a file in --data: postgres://user@host/name")
	fs.StringVar(&c.DBFile, "db-file", "", "`file` that holds this url, when it has a password")
	fs.StringVar(&c.Log, "log", "info", "how much to log: debug or info")
	return fs
}

// parse reads the flags and checks them.
func (c *Config) parse(fs *flag.FlagSet, args []string) error {
	if err := c.read(fs, args); err != nil {
		return err
	}
	return c.check()
}

// read reads the flags; words that are not flags are errors.
func (c *Config) read(fs *flag.FlagSet, args []string) error {
	words, err := c.words(fs, args)
	if err == nil && len(words) > 0 {
		err = fmt.Errorf("unexpected %q; see %s --help", words[0], fs.Name())
	}
	return err
}

// words reads the flags and returns what comes after them.
func (c *Config) words(fs *flag.FlagSet, args []string) ([]string, error) {
	fs.SetOutput(io.Discard) // what is wrong comes back as the error
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println("Flags of " + fs.Name() + ":")
		fs.SetOutput(os.Stdout)
		fs.PrintDefaults()
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w; see %s --help", err, fs.Name())
	}
	return fs.Args(), nil
}

// check reports everything that is missing or wrong at once.
func (c *Config) check() error {
	var errs []error
	if c.Data == "" {
		errs = append(errs, errors.New("--data is missing: the directory of the shop's database"))
	}
	if c.Shop == "" {
		errs = append(errs, errors.New("--shop is missing: the shop's id, as the devices name it"))
	} else if protocol.CheckID(c.Shop) != nil {
		errs = append(errs, fmt.Errorf("--shop %q must be 1 to 48 of a-z, 0-9 and -", c.Shop))
	}
	if c.Log != "debug" && c.Log != "info" {
		errs = append(errs, fmt.Errorf("--log %q must be debug or info", c.Log))
	}
	return errors.Join(append(errs, c.readDB())...)
}

// readDB reads the URL of the database out of its file.
func (c *Config) readDB() error {
	switch {
	case c.DBFile == "":
		return nil
	case c.DB != "":
		return errors.New("give either --db or --db-file")
	}
	words, err := readSecret(c.DBFile)
	if err != nil {
		return fmt.Errorf("--db-file: %w", err)
	}
	if len(words) != 1 {
		return fmt.Errorf("--db-file %s must hold postgres://USER:PASSWORD@HOST/DATABASE and nothing else", c.DBFile)
	}
	c.DB = words[0]
	return nil
}

// readSecret reads the lines of a file that not everybody may read.
func readSecret(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("everybody may read %s: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' || r == '\r' }), nil
}

// store names the shop's database.
func (c *Config) store() store.Config {
	return store.Config{Path: filepath.Join(c.Data, c.Shop+".db"), URL: c.DB, Shop: c.Shop, Log: c.logger()}
}

// logger writes to standard error, where supervisors look.
func (c *Config) logger() *slog.Logger {
	level := slog.LevelInfo
	if c.Log == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (name == "" || name == "(devel)") {
			name = s.Value[:min(12, len(s.Value))]
		}
	}
	if name == "" || name == "(devel)" {
		name = "development"
	}
	return name
}
