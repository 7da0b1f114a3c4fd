package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	navRow  = regexp.MustCompile(`(?s)<nav [^>]*>.*?</nav>`)
	navLink = regexp.MustCompile(`<a href="([^"]+)"(?: aria-current="([a-z]+)")?>([^<]+?)( <span class="badge">|</a>)`)
)

// TestEveryPageOfTheNavigationIsMarkedWhenShown walks from chapter to chapter as
// the owner: every link leads to a page, and that page marks its own link and its
// chapter, and nothing else.
func TestEveryPageOfTheNavigationIsMarkedWhenShown(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-maren")
	visited := map[string]bool{}
	for _, first := range navLink.FindAllStringSubmatch(navRow.FindString(v.get("/", http.StatusOK)), -1) {
		rows := navRow.FindAllString(v.get(first[1], http.StatusOK), -1)
		places := [][]string{first}
		if len(rows) > 1 {
			places = navLink.FindAllStringSubmatch(rows[1], -1)
		}
		for _, p := range places {
			visited[p[1]] = true
			marked := marks(navRow.FindAllString(v.get(p[1], http.StatusOK), -1))
			want := first[3] + "=page"
			if len(rows) > 1 {
				want = first[3] + "=true " + p[3] + "=page"
			}
			if marked != want {
				t.Errorf("%s marks %q, want %q", p[1], marked, want)
			}
		}
	}
	if len(visited) < 14 {
		t.Errorf("the navigation has %d pages: %v", len(visited), visited)
	}
}

// marks lists what the rows of a navigation mark.
func marks(rows []string) string {
	var found []string
	for _, m := range navLink.FindAllStringSubmatch(strings.Join(rows, ""), -1) {
		if m[2] != "" {
			found = append(found, m[3]+"="+m[2])
		}
	}
	return strings.Join(found, " ")
}

// TestTheNavigationIsReachedByKeyboard presses Tab from the top of a page: first
// the way past the navigation, then every link of both rows in order.
func TestTheNavigationIsReachedByKeyboard(t *testing.T) {
	ctx := browser(t)
	s := traded(t)
	screen{width: 1280, scale: 1, scheme: "light"}.use(ctx, t)
	do(ctx, t, chromedp.Navigate(s.URL+"/stock/itm-000100"))
	var words []string
	for range 18 {
		do(ctx, t, chromedp.KeyEvent("\t"))
		words = append(words, ask(ctx, t, chromedp.Evaluate[string](`document.activeElement.textContent.trim()`)))
	}
	got := strings.Join(words, "|")
	for _, part := range []string{"Skip to the page|", "|Sales|Customers|Stock|Money|", "|Settings|Sign in|", "|Stock|Items|Categories|Purchase orders|Stocktakes|"} {
		if !strings.Contains(got, part) {
			t.Errorf("Tab leads through %q, without %q", got, part)
		}
	}
}
