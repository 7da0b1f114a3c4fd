package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"kickstand/hub/store"
	"kickstand/hub/web"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func Example() {
	dir, err := os.MkdirTemp("", "office")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	pages, err := web.New(web.Config{Store: db})
	if err != nil {
		panic(err)
	}
	answer := httptest.NewRecorder()
	pages.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	fmt.Print(answer.Code, " ", answer.Body)
	// Output: 200 ok
}
