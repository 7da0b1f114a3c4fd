package web_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/web"
)

var beforeLink = regexp.MustCompile(`href="/reports\?([^"]*)"><span aria-hidden="true">‹`)

// TestPeriodsFollowEachOther goes back from period to period: each ends on the
// day before the next one begins, and all have the same name of their kind.
func TestPeriodsFollowEachOther(t *testing.T) {
	s := empty(t)
	for first, steps := range map[string]int{
		"from=2026-03-02&to=2026-03-02": 70, // over the end of February
		"from=2026-01-05&to=2026-01-11": 60,
		"from=2026-03-01&to=2026-03-31": 30,
		"from=2026-01-01&to=2026-12-31": 8,
		"from=2026-03-05&to=2026-03-19": 30,
	} {
		query := first
		for range steps {
			page, _ := s.get("/reports?"+query, http.StatusOK)
			link := beforeLink.FindStringSubmatch(page)
			if link == nil {
				t.Fatalf("%s has no way back", query)
			}
			before := html.UnescapeString(link[1])
			if end, begin := day(t, before, "to"), day(t, query, "from"); !end.AddDate(0, 0, 1).Equal(begin) {
				t.Errorf("the period before %s is %s", query, before)
			}
			query = before
		}
		page, _ := s.get("/reports?"+query, http.StatusOK)
		start, _ := s.get("/reports?"+first, http.StatusOK)
		if was, is := present(start), present(page); was != is {
			t.Errorf("going back from %s leads from %q to %q", first, was, is)
		}
	}
}

// day is one end of a period as an address has it.
func day(t *testing.T, query, name string) time.Time {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	d, err := time.Parse(time.DateOnly, v.Get(name))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var presentPick = regexp.MustCompile(`aria-current="true">([^<]*)<`)

// present is the kind of period that is marked, or empty.
func present(page string) string {
	if m := presentPick.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// FuzzReportPeriod asks for any period: the answer is a report or an
// explanation, well-formed either way, and the file agrees with the page.
func FuzzReportPeriod(f *testing.F) {
	for _, seed := range [][2]string{
		{"2026-06-01", "2026-06-30"},
		{"", ""},
		{"2026-06-09", "2026-06-01"},
		{"0000-01-01", "9999-12-31"},
		{"2024-02-29", "2024-02-29"},
		{"\"><script>", "\x00"},
		{"2026-06-01T00:00:00Z", "१"},
	} {
		f.Add(seed[0], seed[1])
	}
	s, err := store.Open(context.Background(), storetest.On(f, store.Config{Path: filepath.Join(f.TempDir(), "demo.db"), Shop: "demo"}))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() }) // nothing was written
	pages, err := web.New(web.Config{Store: s, Now: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, from, to string) {
		query := url.Values{"from": {from}, "to": {to}}.Encode()
		page, file := httptest.NewRecorder(), httptest.NewRecorder()
		pages.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/reports?"+query, nil))
		pages.ServeHTTP(file, httptest.NewRequest(http.MethodGet, "/reports/days.csv?"+query, nil))
		if page.Code != file.Code || page.Code != http.StatusOK && page.Code != http.StatusBadRequest {
			t.Errorf("page %d, file %d", page.Code, file.Code)
		}
		if strings.Contains(page.Body.String(), "<script") {
			t.Error("a question gets into the page")
		}
		if err := wellFormed(page.Body.String()); err != nil {
			t.Error(err)
		}
	})
}

var anyLink = regexp.MustCompile(`href="(/reports[^"]*)"`)

// TestLinksOfAReport follows every link: files are of the same days as the
// page they are on.
func TestLinksOfAReport(t *testing.T) {
	s := traded(t)
	for path, when := range map[string]string{
		"/reports?from=2026-06-01&to=2026-06-13": "_2026-06-01_2026-06-13.csv",
		"/reports" + spring:                      "_2026-03-01_2026-06-30.csv",
		"/reports/stock":                         "_2026-06-13.csv",
	} {
		page, _ := s.get(path, http.StatusOK)
		files := 0
		for _, link := range anyLink.FindAllStringSubmatch(page, -1) {
			address := html.UnescapeString(link[1])
			_, header := s.get(address, http.StatusOK)
			if !strings.Contains(address, ".csv") {
				continue
			}
			files++
			if name := header.Get("Content-Disposition"); !strings.Contains(name, when) {
				t.Errorf("%s leads to %s: %s, want …%s", path, address, name, when)
			}
		}
		if want := 2; files < want {
			t.Errorf("%s leads to %d files, want %d or more", path, files, want)
		}
	}
}
