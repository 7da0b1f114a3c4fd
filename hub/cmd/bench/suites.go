package main

// suites lists what is measured. The aims are the design's;
// docs/technician.md explains the names.
func suites() []suite {
	return []suite{journalSuite(), hubSuite(), postgresSuite(), cardSuite(), stockSuite(), tillSuite(), screenSuite(), windowSuite(), receiptSuite(), yearSuite(), signatureSuite(), reportSuite()}
}

func journalSuite() suite {
	s := suite{what: "the journal against raw files", pkg: "./device/journal", args: []string{"-benchtime", "1x"}}
	for _, w := range []struct {
		bench, name   string
		append, grown float64
	}{
		{"AgainstRaw/writers=1", "journal append, 1 writer", 0, 0},
		{"AgainstRaw/writers=8", "journal append, 8 writers", 0.5, 0.33},
	} {
		s.wish = append(s.wish,
			wish{bench: w.bench, unit: "x-append", name: w.name + ", against raw append", as: "x raw append+fdatasync", aim: aim{least: w.append}},
			wish{bench: w.bench, unit: "x-prealloc", name: w.name + ", against a preallocated file", as: "x preallocated append+fdatasync", aim: aim{least: w.grown}},
		)
	}
	s.wish = append(s.wish, wish{
		bench: "AgainstRaw/writers=8", unit: "p99-x-append", name: "journal append p99, 8 writers", as: "x raw p99", aim: aim{most: 3},
	})
	return s
}

func hubSuite() suite {
	s := suite{what: "the hub's sales over MQTT", pkg: "./hub/broker", args: []string{"-benchtime", "6000x"}}
	for _, w := range []struct {
		bench, name string
		raw         float64
	}{
		{"SalesOverMQTT/clients=1", "hub sales over MQTT, 1 device", 0.7},
		{"SalesOverMQTT/clients=8", "hub sales over MQTT, 8 devices", 0.7},
	} {
		s.wish = append(s.wish,
			wish{bench: w.bench, unit: "sales/s", name: w.name, as: "sales per s"},
			wish{bench: w.bench, unit: "x-fdatasync", name: w.name + ", against raw", as: "x raw append+fdatasync", aim: aim{least: w.raw}},
			wish{bench: w.bench, unit: "x-one-transaction", name: w.name + ", against bare SQL at once", as: "x one transaction", aim: aim{least: 0.5}},
			wish{bench: w.bench, unit: "x-commit-each", name: w.name + ", against bare SQL one by one", as: "x one commit each"},
		)
	}
	return s
}

// postgresSuite is hubSuite with the books on a PostgreSQL server of its own,
// and bare SQL on that server.
func postgresSuite() suite {
	s := suite{what: "the hub's sales on PostgreSQL", pkg: "./hub/broker", args: []string{"-benchtime", "3000x"}, with: "--postgres"}
	for _, w := range []struct{ bench, name string }{
		{"SalesOverMQTT/clients=1", "hub sales on PostgreSQL, 1 device"},
		{"SalesOverMQTT/clients=8", "hub sales on PostgreSQL, 8 devices"},
	} {
		s.wish = append(s.wish,
			wish{bench: w.bench, unit: "sales/s", name: w.name, as: "sales per s"},
			wish{bench: w.bench, unit: "x-fdatasync", name: w.name + ", against raw", as: "x raw append+fdatasync"},
			wish{bench: w.bench, unit: "x-one-transaction", name: w.name + ", against bare SQL at once", as: "x one transaction there", aim: aim{least: 0.5}},
			wish{bench: w.bench, unit: "x-commit-each", name: w.name + ", against bare SQL one by one", as: "x one commit each there"},
		)
	}
	return s
}

// onPostgres compares the rates on both databases.
func onPostgres(rows []row) []row {
	rate := map[string]float64{}
	for _, r := range rows {
		rate[r.name] = r.value
	}
	var all []row
	for _, n := range []string{"1 device", "8 devices"} {
		if file, server := rate["hub sales over MQTT, "+n], rate["hub sales on PostgreSQL, "+n]; file > 0 && server > 0 {
			all = append(all, row{name: "hub sales on PostgreSQL, " + n + ", against SQLite", value: server / file, unit: "x SQLite"})
		}
	}
	return all
}

// cardSuite is a sale by card with everything but the customer and the bank.
func cardSuite() suite {
	return suite{
		what: "sales by card", pkg: "./hub/tender", args: []string{"-benchtime", "300x"},
		wish: []wish{
			{bench: "CardSale", unit: "sales/s", name: "durable card sale path, one after the other", as: "sales per s"},
			{bench: "CardSale", unit: "ns/op", name: "durable card sale path, from first question to books", as: "ms", scale: 1e-6, aim: aim{most: 250}},
		},
	}
}

// stockSuite is a counter, a kiosk and the hub as processes.
func stockSuite() suite {
	return suite{
		what: "how soon others see the stock", pkg: "./hub/cmd/demo", args: []string{"-tags", "headless", "-benchtime", "20x"},
		wish: []wish{
			{bench: "StockSeen", unit: "worst-ms", name: "stock seen at the kiosk after the counter's tap, worst of 20", as: "ms", aim: aim{most: 300}},
			{bench: "StockSeen", unit: "median-ms", name: "stock seen at the kiosk after the counter's tap, median", as: "ms"},
		},
	}
}

func tillSuite() suite {
	return suite{
		what: "scan and search with 20,000 items", pkg: "./device/cmd/kiosk", args: []string{"-tags", "headless"},
		wish: []wish{
			{bench: "ScanToLine/undrawn", unit: "p99-ms", name: "scan to priced line, p99, not drawn", as: "ms", aim: aim{most: 1}},
			{bench: "ScanToLine/drawn", unit: "p99-ms", name: "scan to priced line, p99, drawn", as: "ms", aim: aim{most: 20}},
			{bench: "TypedSearch", unit: "p99-ms", name: "typed search, p99", as: "ms", aim: aim{most: 20}},
		},
	}
}

func screenSuite() suite {
	return suite{
		what: "drawing", pkg: "./display/raster",
		wish: []wish{
			{bench: "Full/1024x600", unit: "ns/op", name: "full redraw 1024x600", as: "ms", scale: 1e-6, aim: aim{most: 50}},
			{bench: "Full/1280x800", unit: "ns/op", name: "full redraw 1280x800", as: "ms", scale: 1e-6, aim: aim{most: 50}},
			{bench: "Button", unit: "ns/op", name: "one button pressed and released", as: "ms", scale: 1e-6, aim: aim{most: 8}},
		},
	}
}

func windowSuite() suite {
	return suite{
		what: "the idle window", pkg: "./display", args: []string{"-tags", "x11", "-benchtime", "1x"}, with: "--xvfb",
		wish: []wish{
			{bench: "Idle/still", unit: "cpu-ms/s", name: "idle window, static screen, CPU", as: "CPU ms per s", aim: aim{most: 1}},
			{bench: "Idle/still", unit: "switches/s", name: "idle window, static screen, wake-ups", as: "context switches per s", aim: aim{most: 15}},
			{bench: "Idle/clock", unit: "cpu-ms/s", name: "idle window, clock ticking, CPU", as: "CPU ms per s", aim: aim{most: 10}},
		},
	}
}

func receiptSuite() suite {
	return suite{
		what: "receipts", pkg: "./drivers/printer",
		wish: []wish{
			{bench: "Encode/logo", unit: "ns/op", name: "receipt encode with logo", as: "ms", scale: 1e-6, aim: aim{most: 0.2}},
			{bench: "Encode/plain", unit: "ns/op", name: "receipt encode without logo", as: "ms", scale: 1e-6},
		},
	}
}

// yearSuite checks 365,000 rows out of a database, which is a year of a shop.
func yearSuite() suite {
	return suite{
		what: "checking a year of the journal", pkg: "./hub/store", args: []string{"-benchtime", "3x"},
		wish: []wish{
			{bench: "VerifySealed", unit: "ns/op", name: "365,000 rows of the journal verified, 1,000 checkpoints", as: "s", scale: 1e-9, aim: aim{most: 5}},
		},
	}
}

// signatureSuite checks the same rows in memory with as many signatures as a
// year can have: one for every sale.
func signatureSuite() suite {
	return suite{
		what: "checking a year of signatures", pkg: "./hub/audit", args: []string{"-benchtime", "1x"},
		wish: []wish{
			{bench: "VerifyBook/3_rows_a_checkpoint", unit: "ns/op", name: "365,000 rows in memory, 121,666 checkpoints", as: "s", scale: 1e-9, aim: aim{most: 5}},
		},
	}
}

// reportSuite adds up all sales of a shop that has been open for years.
func reportSuite() suite {
	return suite{
		what: "reports", pkg: "./hub/store",
		wish: []wish{
			{bench: "Report", unit: "ns/op", name: "report over 20,000 sales", as: "ms", scale: 1e-6, aim: aim{most: 300}},
		},
	}
}
