package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
)

// auditFlags is what the audit commands take besides Config.
type auditFlags struct {
	Config
	file string // an exported file instead of --data and --shop
	key  string // public key that was noted; empty: the one at hand
	code string // code of a checkpoint that was noted; empty: none
}

func auditCommand(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "verify":
			return auditVerify(ctx, args[1:])
		case "export":
			return auditExport(ctx, args[1:])
		case "key":
			return auditKey(args[1:])
		case "code":
			return auditCode(ctx, args[1:])
		}
	}
	return errors.New("say what to do: hub audit verify, hub audit export, hub audit code or hub audit key")
}

// flags returns the flags that all audit commands share.
func (a *auditFlags) flags(command string) *flag.FlagSet {
	fs := a.Config.flags("audit " + command)
	fs.StringVar(&a.Shop, "shop", "", "shop `id`; required")
	return fs
}

func auditVerify(ctx context.Context, args []string) error {
	var a auditFlags
	fs := a.flags("verify")
	fs.StringVar(&a.file, "file", "", "exported `file` to check instead of --data and --shop")
	fs.StringVar(&a.key, "key", "", "public `key` as hub audit key printed it; without it, the one at hand")
	fs.StringVar(&a.code, "code", "", "`code` of a checkpoint as somebody noted it, which must be part of history")
	if err := a.read(fs, args); err != nil {
		return err
	}
	if err := a.tidyCode(); err != nil {
		return err
	}
	if a.file != "" {
		return a.verifyFile(ctx)
	}
	if err := a.check(); err != nil {
		return err
	}
	return a.verifyData(ctx)
}

// tidyCode brings the code as typed into its one form.
func (a *auditFlags) tidyCode() (err error) {
	if a.code != "" {
		a.code, _, err = audit.ParseCode(a.code)
	}
	return err
}

// verifyFile checks an exported file, which needs nothing else.
func (a *auditFlags) verifyFile(ctx context.Context) error {
	if a.Data != "" || a.Shop != "" {
		return errors.New("give either --file, or --data and --shop")
	}
	f, err := os.Open(a.file)
	if err != nil {
		return fmt.Errorf("open the exported journal: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	b, err := audit.ReadExport(f)
	if err != nil {
		return fmt.Errorf("%s: %w", a.file, err)
	}
	if a.key != "" {
		if b.Key, err = audit.ParsePublic(a.key); err != nil {
			return err
		}
	}
	b.Code = a.code
	r, err := audit.VerifyBook(ctx, b)
	if err != nil {
		return explainBad(err)
	}
	tell(r, b.Key)
	if a.key == "" {
		fmt.Println("The key is the file's own. It proves something if it is the one that was noted in the shop; compare it, or give --key.")
	}
	return nil
}

// verifyData checks a shop's database, also of a hub that is running.
func (a *auditFlags) verifyData(ctx context.Context) (err error) {
	if err := mustExist(ctx, a.Config); err != nil {
		return err
	}
	db, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	key, err := a.public()
	if errors.Is(err, audit.ErrNoKey) {
		return a.verifyUnsealed(ctx, db, err)
	}
	if err != nil {
		return err
	}
	r, err := db.VerifySealed(ctx, key, a.code)
	if err != nil {
		return explainBad(err)
	}
	tell(r, key)
	return nil
}

// look opens the shop's database without changing it.
func (a *auditFlags) look(ctx context.Context) (*store.Store, error) {
	place := a.store()
	place.Look = true
	return store.Open(ctx, place)
}

// verifyUnsealed checks the chain of a shop whose hub was never started. One
// that has checkpoints must have a key.
func (a *auditFlags) verifyUnsealed(ctx context.Context, db *store.Store, noKey error) error {
	signed, err := db.LatestCheckpoint(ctx)
	if err != nil {
		return err
	}
	if signed != "" || a.code != "" {
		return fmt.Errorf("%w: give the public key with --key, or restore the file from a backup", noKey)
	}
	head, err := db.VerifyAudit(ctx)
	if err != nil {
		return explainBad(err)
	}
	fmt.Printf("%d rows verify. The last hash is %s\nNothing is sealed yet; that begins when the hub is started.\n", head.N, head.Hash)
	return nil
}

// public returns the key to check with.
func (a *auditFlags) public() (audit.Public, error) {
	if a.key != "" {
		return audit.ParsePublic(a.key)
	}
	return audit.OpenPublic(a.keyFile(), a.Shop)
}

// explainBad says what a failed check means.
func explainBad(err error) error {
	var row *audit.BadRowError
	var checkpoint *audit.BadCheckpointError
	switch {
	case errors.As(err, &row):
		return fmt.Errorf("the journal was altered: row %d is the first that is wrong: %s", row.N, row.Why)
	case errors.As(err, &checkpoint):
		return fmt.Errorf("the journal was altered: the checkpoint of %d rows is the first that is wrong: %s", checkpoint.Size, checkpoint.Why)
	}
	return fmt.Errorf("the journal does not hold: %w", err)
}

// tell prints what a check found in order.
func tell(r audit.Report, key audit.Public) {
	fmt.Printf("%d rows verify. The last hash is %s\n", r.Rows, r.Hash)
	if r.Linked > 0 {
		fmt.Printf("%d events follow from the one before as their devices chained them, in %d streams; %d breaks are noted.\n", r.Linked, r.Streams, r.Breaks)
	}
	for _, device := range slices.Sorted(maps.Keys(r.Cosigned)) {
		fmt.Printf("Cosigned by %s up to row %d.\n", device, r.Cosigned[device])
	}
	if r.Checkpoints == 0 {
		fmt.Println("Nothing is sealed yet; that begins when the hub is started.")
		return
	}
	at := time.UnixMilli(r.Latest.AtMS).UTC().Format(time.RFC3339)
	fmt.Printf("%d checkpoints verify. The latest covers %d rows, was sealed %s and has the code %s\n", r.Checkpoints, r.Latest.Size, at, r.Latest.Code())
	fmt.Printf("%d rows wait for the next one. All are signed with the key %s\n", r.Unsealed(), key)
}

func auditExport(ctx context.Context, args []string) (err error) {
	var a auditFlags
	fs := a.flags("export")
	fs.StringVar(&a.key, "key", "", "public `key` to put into the file; without it, the one at hand")
	if err := a.readFile(fs, args); err != nil {
		return err
	}
	if err := mustExist(ctx, a.Config); err != nil {
		return err
	}
	key, err := a.public()
	if err != nil {
		return err
	}
	db, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.AuditBook(ctx, key, func(b audit.Book) error {
		return createFile(a.file, func(w io.Writer) error { return audit.Export(w, b) })
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s: written. Check it anywhere with: hub audit verify --file %s\n", a.file, a.file)
	return nil
}

// readFile reads flags and the name of one file after them.
func (a *auditFlags) readFile(fs *flag.FlagSet, args []string) error {
	words, err := a.words(fs, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New("say where to write it: hub audit export --data DIR --shop ID FILE")
	}
	a.file = words[0]
	return a.check()
}

// createFile writes a new file, whole or not at all.
func createFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already: choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// auditKey prints the public key.
func auditKey(args []string) error {
	var a auditFlags
	if err := a.parse(a.flags("key"), args); err != nil {
		return err
	}
	key, err := a.public()
	if errors.Is(err, audit.ErrNoKey) {
		return fmt.Errorf("%w: it is made when the hub is first started", err)
	}
	if err != nil {
		return err
	}
	fmt.Println(key)
	return nil
}

// keyFile is where the private key of a shop's checkpoints is.
func (c *Config) keyFile() string { return filepath.Join(c.Data, c.Shop+".audit-key") }

// seal is what seals a shop's journal.
type seal struct {
	run func(context.Context) error // until its context ends
	key audit.Public                // zero: the key is missing

	codes []byte // what codes of gift cards are made with; empty: the key is missing
}

// openSeal returns the seal of a shop. Its key is made at the first start. When
// the key of a sealed journal is missing the hub runs on without sealing and
// says so, for a new key could not vouch for the old one's checkpoints.
func openSeal(ctx context.Context, c Config, db *store.Store, log *slog.Logger) (seal, error) {
	key, err := audit.OpenKey(c.keyFile(), c.Shop)
	if errors.Is(err, audit.ErrNoKey) {
		key, err = firstKey(ctx, c, db, log)
	}
	if err != nil {
		return seal{}, err
	}
	if key == nil {
		return seal{run: func(context.Context) error { return nil }}, nil
	}
	s := audit.NewSealer(audit.SealerConfig{Shop: c.Shop, Ledger: db, Key: key, Ready: db.AuditReady(), Log: log})
	return seal{run: s.Run, key: key.Public(), codes: key.Derive("codes")}, nil
}

// firstKey makes the key of a shop that was never sealed; nil for one that was.
func firstKey(ctx context.Context, c Config, db *store.Store, log *slog.Logger) (*audit.Key, error) {
	signed, err := db.LatestCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	if signed != "" {
		log.Error("the journal is not sealed any more: its key is missing; stop the hub, restore the file from a backup and start again", "file", c.keyFile())
		return nil, nil
	}
	key, err := audit.CreateKey(c.keyFile(), c.Shop)
	if err != nil {
		return nil, err
	}
	log.Info("made the audit key; note its public half outside of this computer", "file", c.keyFile(), "public", key.Public().String())
	return key, nil
}
