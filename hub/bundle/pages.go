package bundle

import "text/template"

// page is what RESTORE.md says.
type page struct {
	Result
	Shop, At string
}

var restorePage = template.Must(template.New("restore").Parse(`# Everything of shop {{.Shop}}

As of {{.At}}, made by hub bundle. It holds customers' data: keep it where only you can read it.

| File | What it is |
|---|---|
{{- if .Copied}}
| {{.Shop}}.db | the whole database, a file of SQLite 3 |
{{- end}}
{{- if .Dumped}}
| {{.Shop}}.sql | the whole database, as pg_dump wrote it |
{{- end}}
| tables/*.csv | each table for a spreadsheet or another database: {{.Tables}} files in UTF-8 |
| SCHEMA.md | what the tables and columns mean |
| receipts/ | the stored receipts, JSON: {{.Receipts}} files{{if .Missing}}; {{.Missing}} were not in their store, their sales are in tables/sales.csv{{end}} |
{{- if .Sealed}}
| journal | the audit journal. Check it anywhere: hub audit verify --file journal |
{{- end}}
| MANIFEST | the SHA-256 of each part |

All parts are of the same moment. To see that nothing was altered or lost since: hub bundle verify FILE.zip, or, where it
is unpacked, sha256sum -c MANIFEST

In the tables, texts are in double quotes, a missing value is empty without quotes, bytes are \x and
hexadecimal digits. Amounts are in cents and times in milliseconds since 1970-01-01 UTC.
{{if .Copied}}
## To go on with this shop on another computer

1. Stop the old hub, so that there is only one.
2. Unpack this file into an empty directory, here called DIR.
3. Copy {{.Shop}}.audit-key, and the files with secrets that the old hub was started with (Stripe, e-mail, S3), from
   the old computer or from your safe into it. They are not in here. Without the first, the hub runs but seals the
   journal no more and makes no codes of gift cards.
4. Check it: hub audit verify --data DIR --shop {{.Shop}}
5. Start it: hub serve --data DIR --shop {{.Shop}}

What devices sold after {{.At}} is still on them if they did not hear from the hub that it was
kept, and arrives by itself. What the old hub took after that moment is not in here.
{{else if .Dumped}}
## To go on with this shop on another computer

1. Stop the old hub, so that there is only one.
2. Unpack this file into an empty directory, here called DIR.
3. Copy {{.Shop}}.audit-key, and the files with secrets that the old hub was started with (Stripe, e-mail, S3), from
   the old computer or from your safe into it. They are not in here. Without the first, the hub runs but seals the
   journal no more and makes no codes of gift cards.
4. Make an empty database on a PostgreSQL 15 or newer, here called URL, and load it:
   psql --set ON_ERROR_STOP=1 --single-transaction --dbname URL --file DIR/{{.Shop}}.sql
   If the shop had a schema of its own, named by search_path in the old URL, name it in the new one, too.
5. Check it: hub audit verify --db URL --data DIR --shop {{.Shop}}
6. Start it: hub serve --db URL --data DIR --shop {{.Shop}}

What devices sold after {{.At}} is still on them if they did not hear from the hub that it was
kept, and arrives by itself. What the old hub took after that moment is not in here.
{{else}}
## To go on with this shop on another computer

The database is on a PostgreSQL server and is not in here as a whole: {{.NoDump}}. Copy it with
pg_dump there and load that into the new server; the tables in here are for reading, and for moving to something else. Put
receipts/ into the directory --data of the new hub, or into its object store.
{{end}}`))
