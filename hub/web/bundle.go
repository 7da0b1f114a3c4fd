package web

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

const (
	// bundleRows is how many bundles the page shows.
	bundleRows = 10
	// bundleTime is how long the download of one may take.
	bundleTime = 6 * time.Hour
)

// bundleRow is one bundle as the page shows it.
type bundleRow struct {
	store.Bundle
	Asked, Ended time.Time
	Who          string
	Size         string
}

// bundlePage are the owner's bundles.
type bundlePage struct {
	Rows   []bundleRow
	Making bool // one is on its way
	Can    bool
}

// bundling makes everything of the shop into one file.
func (o *office) bundling() change {
	return change{Section: "Bundle", Right: right.Bundle, Show: o.showBundles, Do: o.doBundle}
}

func (o *office) showBundles(v visit, _ *form) (sheet, error) {
	all, err := o.Store.Bundles(v.Context(), bundleRows)
	if err != nil {
		return sheet{}, err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return sheet{}, err
	}
	p := bundlePage{Can: o.Bundles != nil}
	s := sheet{Name: "bundle", Title: "The shop's data"}
	for _, b := range all {
		p.Rows = append(p.Rows, bundleRow{Bundle: b, Asked: v.time(b.AskedMS), Ended: v.time(b.EndedMS), Who: names.person(b.Operator), Size: size(int(b.Bytes))})
		if b.Open() {
			p.Making, s.Again = true, 3
		}
	}
	s.Data = p
	return s, nil
}

// doBundle asks for a bundle. It takes longer than a page may, so it is made
// beside.
func (o *office) doBundle(v visit, f *form, t *store.Tx) (done, error) {
	if o.Bundles == nil {
		f.Fail("", "This office cannot make a bundle. Run hub bundle on the hub's machine.")
		return done{}, nil
	}
	fresh, err := t.AskBundle(f.Token, v.who.ID)
	if err != nil {
		return done{}, err
	}
	if !fresh {
		return done{Leads: "/settings/bundle", Says: "One is being made already."}, nil
	}
	o.Bundles.Soon()
	return done{Leads: "/settings/bundle"}, v.audit(t, "bundle.asked", f.Token, map[string]any{})
}

// bundleFile sends a bundle to the owner. Who fetched it stands in the journal.
func (o *office) bundleFile(w http.ResponseWriter, r *http.Request) {
	v, ok := o.admitted(w, r, "Bundle", right.Bundle, newForm())
	if !ok {
		return
	}
	if err := o.sendBundle(w, v, r.PathValue("token")); errors.Is(err, store.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		o.render(w, v, "Bundle", sheet{Name: "message", Title: "Not there any more", status: http.StatusNotFound, Data: message{
			Text: "This bundle was removed, or it is not ready. Bundles are kept for seven days, the latest two at most.",
			Link: "/settings/bundle", Word: "The shop's data",
		}})
	} else if err != nil {
		o.trouble(w, r, err)
	}
}

func (o *office) sendBundle(w http.ResponseWriter, v visit, token string) error {
	b, err := o.Store.Bundle(v.Context(), token)
	if err != nil {
		return err
	}
	if b.State != "ready" || o.Bundles == nil {
		return store.ErrNotFound
	}
	f, err := o.Bundles.Open(token)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()                                                      // only read
	if part := v.Header.Get("Range"); part == "" || strings.HasPrefix(part, "bytes=0-") { // else it goes on after a break
		if err := o.noteFetched(v, token); err != nil {
			return err
		}
	}
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(bundleTime)); err != nil {
		return err
	}
	name := o.Store.Shop() + "-" + v.time(b.AskedMS).Format("2006-01-02-1504") + ".zip"
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	http.ServeContent(w, v.Request, "", v.time(b.EndedMS), f)
	return nil
}

func (o *office) noteFetched(v visit, token string) error {
	row, err := audit.Act("bundle.fetched", token, v.who.ID, map[string]any{})
	if err != nil {
		return err
	}
	return o.Store.Write(v.Context(), func(t *store.Tx) error {
		_, err := t.Audit(row)
		return err
	})
}
