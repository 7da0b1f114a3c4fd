package workbench_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"kickstand/device/workbench"
)

// A test taps a button of a simulated counter.
func Example() {
	b := &bench{}
	s := workbench.New(workbench.Config{
		Title: "counter-1", Screen: b, Network: b,
		State:  func() workbench.State { return workbench.State{} },
		Items:  func() []workbench.DemoItem { return nil },
		Settle: func(context.Context) {},
	})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/tap", strings.NewReader(`{"id":"pay"}`)))
	fmt.Println(w.Code, b.did)
	// Output: 200 [tap pay]
}
