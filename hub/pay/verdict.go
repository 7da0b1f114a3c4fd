package pay

import (
	"errors"
	"net/http"
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// verdictKind is what one answer proves.
type verdictKind int

const (
	unclear       verdictKind = iota // nothing: it may have happened, or may yet happen
	did                              // it happened
	refused                          // it did not happen
	storedFailure                    // Stripe has finished with it and will only ever repeat its failure
)

type verdict struct {
	kind verdictKind
	code string
}

// unclearError says that Stripe's answer proves nothing.
type unclearError struct {
	code string
	err  error
}

func (e *unclearError) Error() string { return e.code + ": " + e.err.Error() }
func (e *unclearError) Unwrap() error { return e.err }

// judge reads an answer. Whatever is not understood is unclear, since a wrong
// "it did not happen" charges twice.
func judge(err error) verdict {
	if err == nil {
		return verdict{kind: did}
	}
	var se *stripe.Error
	if !errors.As(err, &se) {
		return verdict{code: CodeOffline}
	}
	switch {
	case se.Type == stripe.ErrorTypeIdempotency:
		return verdict{code: CodeClash}
	case strings.HasPrefix(string(se.Code), "terminal_reader_"):
		return verdict{kind: refused, code: string(se.Code)}
	case se.HTTPStatusCode >= 500 && replayed(se):
		return verdict{kind: storedFailure}
	}
	switch se.HTTPStatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return verdict{code: CodeKey}
	case http.StatusBadRequest, http.StatusPaymentRequired, http.StatusNotFound:
		return verdict{kind: refused, code: codeOf(se)}
	}
	return verdict{code: CodeOffline} // 409, 429, 5xx and what is not known
}

// replayed reports whether the answer is one that Stripe has stored under the
// key, which it says with this header.
func replayed(se *stripe.Error) bool {
	return se.LastResponse != nil && se.LastResponse.Header.Get("Idempotent-Replayed") == "true"
}

func codeOf(se *stripe.Error) string {
	switch {
	case se.DeclineCode != "":
		return string(se.DeclineCode)
	case se.Code != "":
		return string(se.Code)
	}
	return string(se.Type)
}
