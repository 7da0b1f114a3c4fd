package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"kickstand/hub"
	"kickstand/hub/audit"
	"kickstand/hub/customer"
	"kickstand/hub/right"
	"kickstand/hub/staff"
	"kickstand/hub/store"
	"kickstand/protocol/slip"
)

// Config is what the office needs.
type Config struct {
	Store *store.Store
	// Live tells what devices measure while they are connected; nil is
	// nothing.
	Live Live
	// Reconcile has the card service compared with the books soon; nil is a shop
	// without cards.
	Reconcile func()
	// Receipts finds stored receipts; nil draws them from the sales alone.
	Receipts Receipts
	// Imports carries large files of items out; nil: the office does, all at once.
	Imports Imports
	// Bundles makes the owner's bundles; nil is an office without them.
	Bundles Bundles
	// AuditKey checks the journal's checkpoints; zero is a hub whose key is
	// missing.
	AuditKey audit.Public
	// Now is the hub's wall clock; nil means time.Now.
	Now func() time.Time
	// Log receives one line per request; nil discards them.
	Log *slog.Logger
	// Closed keeps the reading pages, too, from people who are not signed in:
	// for an office that others can reach.
	Closed bool
	// Version of the hub program, shown at the foot of every page.
	Version string
}

// Live is what is known of devices only while they are connected. A *hub.Hub
// knows it.
type Live interface {
	// Metrics returns the latest measurements by device.
	Metrics() map[string]hub.Metrics
}

// Receipts keeps the receipts of sales. A *receipt.Keeper does, and puts back one
// that is missing from its store.
type Receipts interface {
	Open(ctx context.Context, saleID string) (slip.Doc, error)
}

// Imports carries large files of items out. An *intake.Worker does.
type Imports interface {
	// Soon is called when one was begun.
	Soon()
}

// Bundles makes and keeps the owner's bundles. A *bundle.Keeper does.
type Bundles interface {
	// Soon is called when one was asked for.
	Soon()
	// Open opens the file of one, or returns an error that wraps fs.ErrNotExist.
	Open(token string) (*os.File, error)
}

// office answers requests.
type office struct {
	Config
	pages pages
	shelf shelf
	desk  *staff.Desk
	found *customer.Finder
	began time.Time // when this hub started, by its wall clock

	checking checking
}

// New returns the handler of all office pages.
func New(cfg Config) (http.Handler, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	o := &office{Config: cfg, began: cfg.Now(), desk: staff.New(cfg.Store, cfg.Now), found: customer.NewFinder(cfg.Store)}
	if err := o.pages.parse(); err != nil {
		return nil, fmt.Errorf("office pages: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", o.health)
	mux.Handle("GET /assets/", assets())
	mux.HandleFunc("GET /{$}", o.page("Sales", o.day))
	mux.HandleFunc("GET /sales/{name}", o.page("Sales", o.sale))
	mux.HandleFunc("GET /sales/{name}/receipt.svg", o.receipt)
	mux.HandleFunc("GET /stock", o.page("Stock", o.stock))
	mux.HandleFunc("GET /stock/{item}", o.page("Stock", o.item))
	mux.HandleFunc("GET /reports", o.page("Takings", o.reports))
	mux.HandleFunc("GET /reports/{file}", o.file(o.reportFile))
	mux.HandleFunc("GET /reports/stock", o.page("Stock value", o.shelves))
	mux.HandleFunc("GET /reports/stock/{file}", o.file(o.shelfFile))
	mux.HandleFunc("GET /tills", o.page("Tills", o.tills))
	mux.HandleFunc("GET /tills/file.csv", o.file(o.tillsFile))
	mux.HandleFunc("GET /tills/{id}", o.page("Tills", o.tillSession))
	mux.HandleFunc("GET /tills/{id}/z.svg", o.zPaper)
	mux.HandleFunc("GET /money", o.page("Reconciliation", o.money))
	mux.HandleFunc("GET /devices", o.page("Devices", o.devices))
	mux.HandleFunc("GET /quarantine", o.page("Quarantine", o.quarantine))
	mux.HandleFunc("GET /audit", o.page("Journal", o.audit))
	o.signing(mux)
	o.changes(mux)
	o.people(mux)
	mux.HandleFunc("/", o.page("", o.nowhere))
	return o.logged(guard(o.closed(mux))), nil
}

// signing are the pages of passwords and sessions.
func (o *office) signing(mux *http.ServeMux) {
	mux.HandleFunc("GET /signin", o.signGet)
	mux.HandleFunc("POST /signin", o.signPost)
	mux.HandleFunc("POST /signout", o.signOut)
	mux.HandleFunc("GET /password", o.passwordPage)
	mux.HandleFunc("POST /password", o.passwordPage)
}

// changes are the pages that change something.
func (o *office) changes(mux *http.ServeMux) {
	o.change(mux, "/stock/{item}/adjust", o.adjusting())
	o.change(mux, "/stock/{item}/edit", o.editing())
	o.change(mux, "/stock/{item}/price", o.pricing())
	o.change(mux, "/stock/{item}/retire", o.retiring())
	o.change(mux, "/stock/{item}/picture", o.picturing())
	mux.HandleFunc("GET /pictures/{item}", o.picture)
	mux.HandleFunc("GET /orders", o.page("Purchase orders", o.orders))
	o.change(mux, "/orders/new", o.ordering())
	mux.HandleFunc("GET /orders/{token}", o.page("Purchase orders", o.order))
	o.posted(mux, "/orders/{token}", o.changingOrder())
	o.posted(mux, "/orders/{token}/receive", o.receiving())
	mux.HandleFunc("GET /counts", o.page("Stocktakes", o.counts))
	o.change(mux, "/counts/new", o.opening())
	o.change(mux, "/counts/{token}", o.counting())
	o.change(mux, "/counts/{token}/review", o.reviewing())
	mux.HandleFunc("GET /items", o.page("Items", o.items))
	o.change(mux, "/items/new", o.adding())
	o.change(mux, "/items/categories", o.naming())
	o.change(mux, "/items/taxes", o.taxing())
	o.change(mux, "/items/import", o.uploading())
	o.change(mux, "/items/import/{token}", o.importing())
	mux.HandleFunc("GET /items/items.csv", o.exported)
	o.configure(mux)
	o.change(mux, "/money/compare", o.comparing())
	o.change(mux, "/money/settle", o.settling())
	o.change(mux, "/money/payment", o.deciding())
}

// people are the pages of customers.
func (o *office) people(mux *http.ServeMux) {
	mux.HandleFunc("GET /customers", o.private(right.See, "Customers", o.customers))
	mux.HandleFunc("GET /customers/{id}", o.private(right.See, "Customers", o.customer))
	mux.HandleFunc("GET /specials", o.private(right.See, "Customers' orders", o.specials))
	o.change(mux, "/specials/{id}", o.changingSpecial())
	o.change(mux, "/customers/new", o.meeting())
	o.change(mux, "/customers/{id}/edit", o.correcting())
	o.change(mux, "/customers/{id}/consent", o.consenting())
	o.change(mux, "/customers/{id}/merge", o.merging())
	o.change(mux, "/customers/{id}/erase", o.erasing())
	mux.HandleFunc("POST /customers/{id}/export", o.exporting)
}

// configure are the pages of the owner.
func (o *office) configure(mux *http.ServeMux) {
	o.change(mux, "/settings/letterhead", o.heading())
	mux.HandleFunc("GET /settings/letterhead.svg", o.letterheadLook)
	o.change(mux, "/settings/rules", o.ruling())
	o.change(mux, "/settings/kiosk", o.limiting())
	o.change(mux, "/settings/receipts", o.paperless())
	mux.HandleFunc("GET /mails", o.page("E-mails", o.mails))
	o.posted(mux, "/mails/seen", o.seeing())
	o.posted(mux, "/mails/again", o.sendingAgain())
	o.change(mux, "/settings/bundle", o.bundling())
	mux.HandleFunc("GET /settings/bundle/{token}", o.bundleFile)
}

// guard sets the headers that keep other sites out of the office.
func guard(next http.Handler) http.Handler {
	const policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // sales and names stay out of caches
		next.ServeHTTP(w, r)
	}))
}

// logged writes one line per request.
func (o *office) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &watched{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		level := slog.LevelInfo
		if r.URL.Path == "/healthz" {
			level = slog.LevelDebug // asked every few seconds by whoever watches
		}
		o.Log.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path, "status", seen.status, "bytes", seen.bytes, "took", time.Since(began))
	})
}

// watched remembers what was answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer below.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Write counts the bytes.
func (w *watched) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// health answers 200 when the database can be read.
func (o *office) health(w http.ResponseWriter, r *http.Request) {
	if _, err := o.Store.CatalogueVersion(r.Context()); err != nil {
		o.Log.Error("health", "err", err)
		http.Error(w, "the database cannot be read", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // the asker has gone: nobody to tell
}

// Limits of a connection, so that a slow or idle client holds nothing.
const (
	headerTime = 5 * time.Second
	readTime   = 15 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 16 << 10
	stopTime   = 5 * time.Second
)

// Serve answers requests on l until ctx ends, then lets those under way finish
// for a few seconds. It closes l.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		stopped <- errors.Join(srv.Shutdown(grace), srv.Close())
	})
	err := srv.Serve(l)
	if stop() { // it ended by itself
		return fmt.Errorf("serve pages on %s: %w", l.Addr(), err)
	}
	if err := <-stopped; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving pages: %w", err)
	}
	return nil
}
