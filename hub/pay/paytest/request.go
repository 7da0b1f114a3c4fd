package paytest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// request is one call, read and routed.
type request struct {
	site  string
	id    string // from the path
	form  url.Values
	raw   string
	path  string
	key   string
	write bool
}

// answer is what goes back, if anything does.
type answer struct {
	status   int
	body     []byte
	replayed bool
	invalid  bool // an error of validation, which no key remembers
	hang     bool
	drop     bool
}

// stored is what is remembered under an idempotency key.
type stored struct {
	Status int
	Body   string
	What   string // path and parameters
	At     time.Time
}

// site is one row of the routing table.
type site struct {
	name   string
	method string
	path   string // * stands for one id
	params []string
}

// sites lists every call that is understood, with its parameters.
func sites() []site {
	meta := metaParams("metadata")
	page := []string{"limit", "starting_after", "expand[0]"}
	period := append(slices.Clone(page), "created[gte]", "created[lte]")
	intent := append(slices.Clone(meta), "amount", "currency", "capture_method", "payment_method_types[0]", "payment_method_types[1]",
		"payment_method_options[card_present][request_incremental_authorization_support]", "customer", "payment_method", "confirm", "off_session")
	return []site{
		{"create", "POST", "/v1/payment_intents", intent},
		{"cancel", "POST", "/v1/payment_intents/*/cancel", []string{"cancellation_reason"}},
		{"capture", "POST", "/v1/payment_intents/*/capture", []string{"amount_to_capture"}},
		{"increment", "POST", "/v1/payment_intents/*/increment_authorization", []string{"amount"}},
		{"process", "POST", "/v1/terminal/readers/*/process_payment_intent", []string{"payment_intent"}},
		{"process setup", "POST", "/v1/terminal/readers/*/process_setup_intent", []string{"setup_intent", "customer_consent_collected"}},
		{"stop", "POST", "/v1/terminal/readers/*/cancel_action", nil},
		{"refund", "POST", "/v1/refunds", append(slices.Clone(meta), "payment_intent", "amount")},
		{"refund at reader", "POST", "/v1/terminal/readers/*/refund_payment", append(slices.Clone(meta), "payment_intent", "amount")},
		{"make customer", "POST", "/v1/customers", meta},
		{"make setup", "POST", "/v1/setup_intents", append(slices.Clone(meta), "customer", "payment_method_types[0]", "usage")},
		{"cancel setup", "POST", "/v1/setup_intents/*/cancel", []string{"cancellation_reason"}},
		{"detach", "POST", "/v1/payment_methods/*/detach", nil},
		{"make page", "POST", "/v1/checkout/sessions", sessionParams()},
		{"expire page", "POST", "/v1/checkout/sessions/*/expire", nil},
		{"read intent", "GET", "/v1/payment_intents/*", []string{"expand[0]"}},
		{"read reader", "GET", "/v1/terminal/readers/*", nil},
		{"read setup", "GET", "/v1/setup_intents/*", []string{"expand[0]"}},
		{"read refund", "GET", "/v1/refunds/*", nil},
		{"read card", "GET", "/v1/payment_methods/*", nil},
		{"read page", "GET", "/v1/checkout/sessions/*", nil},
		{"list intents", "GET", "/v1/payment_intents", period},
		{"list refunds", "GET", "/v1/refunds", append(slices.Clone(period), "payment_intent")},
		{"list money", "GET", "/v1/balance_transactions", period},
		{"list customers", "GET", "/v1/customers", period},
		{"list setups", "GET", "/v1/setup_intents", period},
		{"list pages", "GET", "/v1/checkout/sessions", period},
	}
}

// helpers lists the calls that set a stage at Stripe's test mode: package pay
// never makes them, its test against Stripe does.
func helpers() []site {
	return []site{
		{"make location", "POST", "/v1/terminal/locations", []string{"display_name", "address[line1]", "address[city]", "address[state]", "address[country]", "address[postal_code]"}},
		{"register reader", "POST", "/v1/terminal/readers", []string{"registration_code", "location", "label"}},
		{"present card", "POST", "/v1/test_helpers/terminal/readers/*/present_payment_method", []string{"type", "card_present[number]"}},
	}
}

func metaParams(prefix string) []string {
	var all []string
	for _, name := range []string{"shop", "sale", "payment", "device"} {
		all = append(all, prefix+"["+name+"]")
	}
	return all
}

func sessionParams() []string {
	const item = "line_items[0][price_data]"
	all := append(metaParams("metadata"), metaParams("payment_intent_data[metadata]")...)
	all = append(all, metaParams("setup_intent_data[metadata]")...)
	return append(all, "mode", "payment_method_types[0]", "success_url", "cancel_url", "expires_at", "customer", "line_items[0][quantity]",
		item+"[currency]", item+"[unit_amount]", item+"[product_data][name]",
		"payment_intent_data[capture_method]", "payment_intent_data[setup_future_usage]")
}

// Sites names every call that can be made, and so every place for a fault.
func Sites() []string {
	var all []string
	for _, s := range sites() {
		all = append(all, s.name)
	}
	return all
}

func (s site) match(r *http.Request) (id string, ok bool) {
	want, got := strings.Split(s.path, "/"), strings.Split(r.URL.Path, "/")
	if r.Method != s.method || len(want) != len(got) {
		return "", false
	}
	for i := range want {
		if want[i] == "*" {
			id = got[i]
		} else if want[i] != got[i] {
			return "", false
		}
	}
	return id, true
}

// route reads a call. A call that is not understood gets an answer at once.
func (s *Stripe) route(r *http.Request) (*request, *answer, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, nil, fmt.Errorf("read body: %w", err)
	}
	if r.Header.Get("Authorization") != "Bearer "+s.cfg.Key {
		return nil, refusal(http.StatusUnauthorized, "", "invalid api key"), nil
	}
	for _, st := range append(sites(), helpers()...) {
		id, ok := st.match(r)
		if !ok {
			continue
		}
		req := &request{site: st.name, id: id, path: r.URL.Path, raw: r.URL.RawQuery, write: r.Method == http.MethodPost, key: r.Header.Get("Idempotency-Key")}
		if req.write {
			req.raw = string(body)
		}
		if req.form, err = url.ParseQuery(req.raw); err != nil {
			return nil, nil, fmt.Errorf("read parameters: %w", err)
		}
		for name := range req.form {
			if !slices.Contains(st.params, name) {
				return nil, refusal(http.StatusBadRequest, "parameter_unknown", "received unknown parameter: "+name), nil
			}
		}
		return req, nil, nil
	}
	return nil, refusal(http.StatusNotFound, "", "unrecognized request URL "+r.Method+" "+r.URL.Path), nil
}

// handle carries out one call, with whatever is to go wrong.
func (s *Stripe) handle(r *http.Request) (answer, error) {
	s.mu.Lock()
	defer s.leave()
	req, refused, err := s.route(r)
	if err != nil {
		return answer{}, err
	}
	s.arrivals()
	s.tick()
	if s.lost != nil {
		return answer{}, s.lost
	}
	if refused != nil {
		return *refused, nil
	}
	f := s.fault(req)
	a := s.suffer(req, f)
	s.tick() // whoever is quick acts before the clock moves on
	s.calls = append(s.calls, Call{Site: req.site, Method: r.Method, Path: req.path, Form: req.raw, Key: req.key, Fault: f, Status: a.status})
	return a, nil
}

// perform answers from the idempotency store, or carries the call out.
func (s *Stripe) perform(req *request, f Fault) answer {
	what := req.path + "?" + req.form.Encode()
	if req.write {
		s.touch(req.key)
	}
	if req.write && req.key == "" {
		return *refusal(http.StatusBadRequest, "", "this service wants an idempotency key for every change")
	}
	if old, ok := s.Keys[req.key]; ok && req.write && s.cfg.Now().Sub(old.At) < keyLife {
		if old.What != what {
			return *fail(http.StatusBadRequest, "idempotency_error", "", "keys for idempotent requests can only be used with the same parameters")
		}
		return answer{status: old.Status, body: []byte(old.Body), replayed: true}
	}
	var a answer
	switch f {
	case ErrorBefore:
		a = *fail(http.StatusInternalServerError, "api_error", "", "an unknown error occurred")
	case ErrorAfter:
		s.dispatch(req)
		a = *fail(http.StatusInternalServerError, "api_error", "", "an unknown error occurred")
	default:
		a = s.dispatch(req)
	}
	if req.write && !a.invalid {
		s.Keys[req.key] = stored{Status: a.status, Body: string(a.body), What: what, At: s.cfg.Now()}
	}
	return a
}

func (s *Stripe) dispatch(req *request) answer {
	return map[string]func(*request) answer{
		"create": s.create, "cancel": s.cancel, "capture": s.captureHold, "increment": s.increment,
		"process": s.process, "process setup": s.process, "stop": s.stop, "refund": s.refund,
		"refund at reader": s.refundAtReader,
		"make customer":    s.makeCustomer, "make setup": s.makeSetup, "cancel setup": s.cancelSetup, "detach": s.detach,
		"make location": s.makeLocation, "register reader": s.registerReader, "present card": s.presentCard,
		"make page": s.makeSession, "expire page": s.expireSession,
		"read intent": s.readIntent, "read reader": s.readReader, "read setup": s.readSetup, "read refund": s.readRefund, "read card": s.readMethod, "read page": s.readSession,
		"list intents": s.listIntents, "list refunds": s.listRefunds, "list money": s.listTxns,
		"list customers": s.listCustomers, "list setups": s.listSetups, "list pages": s.listSessions,
	}[req.site](req)
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	if a.replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a caller who has gone away is his own problem
}

// ok answers 200 with a JSON object.
func ok(v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic("paytest: " + err.Error()) // maps of plain values always marshal
	}
	return answer{status: http.StatusOK, body: body}
}

// refusal is an error of validation.
func refusal(status int, code, message string) *answer {
	a := fail(status, "invalid_request_error", code, message)
	a.invalid = true
	return a
}

func fail(status int, kind, code, message string) *answer {
	e := map[string]any{"type": kind, "message": message}
	if code != "" {
		e["code"] = code
	}
	a := ok(map[string]any{"error": e})
	a.status = status
	return &a
}
