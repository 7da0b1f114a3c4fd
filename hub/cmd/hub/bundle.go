package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
)

// bundleCommand writes everything a shop owns into one file. The hub may be
// running.
func bundleCommand(ctx context.Context, args []string) (err error) {
	var c Config
	fs := c.flags("bundle")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	c.S3.flags(fs)
	words, err := c.words(fs, args)
	if err != nil {
		return err
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
	b := bundle{Config: c, db: db, At: time.Now().UTC().Format(time.RFC3339)}
	if err := createFile(words[0], func(w io.Writer) error { return b.write(ctx, w) }); err != nil {
		return err
	}
	fmt.Printf("%s: %d tables, %d receipts. It holds customers' data: keep it where only you can read it.\n", words[0], b.Tables, b.Receipts)
	if b.Missing > 0 {
		fmt.Printf("%d receipts are not in their store; their sales are in the tables.\n", b.Missing)
	}
	return nil
}

// bundle is one owner's bundle on its way.
type bundle struct {
	Config
	db  *store.Store
	zip *zip.Writer

	At                        string // when it was made
	Tables, Receipts, Missing int
	Copied, Sealed            bool // there is a copy of the database; the journal is there too
}

func (b *bundle) write(ctx context.Context, w io.Writer) error {
	b.zip = zip.NewWriter(w)
	for _, part := range []func(context.Context) error{b.database, b.tables, b.journal, b.receipts, b.pages} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return b.zip.Close()
}

// database adds a copy of the database's file, if it is one.
func (b *bundle) database(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(b.Data, ".bundle-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "copy.db")
	if err = b.db.Copy(ctx, path); errors.Is(err, store.ErrNoCopy) {
		return nil
	} else if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	to, err := b.create(b.Shop + ".db")
	if err == nil {
		_, err = io.Copy(to, f)
	}
	b.Copied = err == nil
	return err
}

func (b *bundle) tables(ctx context.Context) error {
	return b.db.Dump(ctx, func(table string) (io.Writer, error) {
		b.Tables++
		return b.create("tables/" + table + ".csv")
	})
}

// journal adds the journal for hub audit verify, once it is sealed.
func (b *bundle) journal(ctx context.Context) error {
	key, err := audit.OpenKey(b.keyFile(), b.Shop)
	if errors.Is(err, audit.ErrNoKey) {
		return nil
	}
	if err != nil {
		return err
	}
	b.Sealed = true
	return b.db.AuditBook(ctx, key.Public(), func(book audit.Book) error {
		to, err := b.create("journal")
		if err != nil {
			return err
		}
		return audit.Export(to, book)
	})
}

// receipts adds the stored receipts under the names they have in --data.
func (b *bundle) receipts(ctx context.Context) error {
	objects, err := b.objects()
	if err != nil {
		return err
	}
	return b.db.StoredReceipts(ctx, func(key string) error {
		data, err := objects.Get(ctx, key)
		if errors.Is(err, receipt.ErrNoObject) {
			b.Missing++
			return nil
		}
		if err != nil {
			return fmt.Errorf("receipts: %w", err)
		}
		b.Receipts++
		return b.text("receipts/"+key, string(data))
	})
}

func (b *bundle) pages(context.Context) error {
	schema, err := store.SchemaPage()
	if err != nil {
		return err
	}
	if err := b.text("SCHEMA.md", schema); err != nil {
		return err
	}
	to, err := b.create("RESTORE.md")
	if err != nil {
		return err
	}
	return restorePage.Execute(to, b)
}

func (b *bundle) text(name, text string) error {
	to, err := b.create(name)
	if err == nil {
		_, err = io.WriteString(to, text)
	}
	return err
}

func (b *bundle) create(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
}

var restorePage = template.Must(template.New("restore").Parse(`# Everything of shop {{.Shop}}

Made {{.At}} by hub bundle. It holds customers' data: keep it where only you can read it.

| File | What it is |
|---|---|
{{- if .Copied}}
| {{.Shop}}.db | the whole database, a file of SQLite 3 |
{{- end}}
| tables/*.csv | each table for a spreadsheet or another database: {{.Tables}} files in UTF-8 |
| SCHEMA.md | what the tables and columns mean |
| receipts/ | the stored receipts, JSON: {{.Receipts}} files{{if .Missing}}; {{.Missing}} were not in their store, their sales are in tables/sales.csv{{end}} |
{{- if .Sealed}}
| journal | the audit journal. Check it anywhere: hub audit verify --file journal |
{{- end}}

In the tables, texts are in double quotes, a missing value is empty without quotes, bytes are \x and
hexadecimal digits. Amounts are in cents and times in milliseconds since 1970-01-01 UTC.
{{if .Copied}}
## To go on with this shop on another computer

1. Stop the old hub, so that there is only one.
2. Unpack this file into an empty directory, here called DIR.
3. Copy {{.Shop}}.audit-key and the files of the Stripe key from the old computer or from your safe into it. They
   are secrets and therefore not in here. Without the first, the hub runs but seals the journal no more.
4. Check it: hub audit verify --data DIR --shop {{.Shop}}
5. Start it: hub serve --data DIR --shop {{.Shop}}

What devices sold after {{.At}} is still on them if they did not hear from the hub that it was
kept, and arrives by itself. What the old hub took after that moment is not in here.
{{else}}
## To go on with this shop on another computer

The database is on a PostgreSQL server. Copy it with pg_dump there and load that into the new server; the
tables in here are for reading, and for moving to something else. Put receipts/ into the directory --data of
the new hub, or into its object store.
{{end}}`))
