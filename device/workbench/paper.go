package workbench

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"strconv"
	"strings"
)

var errNoPrinter = errors.New("this device has no virtual printer")

// paperDocument is a document in GET /printer.json.
type paperDocument struct {
	N        int    `json:"n"`
	Text     string `json:"text"`
	Complete bool   `json:"complete"`
}

func (s *Server) printer(w http.ResponseWriter, r *http.Request) {
	if s.cfg.Paper == nil {
		fail(w, http.StatusNotFound, errNoPrinter)
		return
	}
	s.settle(r)
	docs := []paperDocument{}
	for _, d := range s.cfg.Paper.Documents() {
		docs = append(docs, paperDocument{N: d.N, Text: d.Text, Complete: d.Complete})
	}
	answer(w, map[string]any{"documents": docs, "fault": s.cfg.Paper.FaultName()})
}

// paper serves /printer/3.png and /printer/3.bin.
func (s *Server) paper(w http.ResponseWriter, r *http.Request) {
	if s.cfg.Paper == nil {
		fail(w, http.StatusNotFound, errNoPrinter)
		return
	}
	number, kind, _ := strings.Cut(r.PathValue("file"), ".")
	n, err := strconv.Atoi(number)
	if err != nil || (kind != "png" && kind != "bin") {
		fail(w, http.StatusNotFound, errors.New("ask for /printer/1.png or /printer/1.bin"))
		return
	}
	for _, d := range s.cfg.Paper.Documents() {
		if d.N == n {
			sendDocument(w, d, kind)
			return
		}
	}
	fail(w, http.StatusNotFound, fmt.Errorf("there is no document %d; /printer.json lists those there are", n))
}

func sendDocument(w http.ResponseWriter, d Document, kind string) {
	if kind == "bin" {
		send(w, "application/octet-stream", d.Raw)
		return
	}
	var b bytes.Buffer
	if err := png.Encode(&b, d.Image()); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	send(w, "image/png", b.Bytes())
}

func (s *Server) fault(w http.ResponseWriter, r *http.Request) {
	q := struct {
		Fault  string `json:"fault"`
		AtByte *int   `json:"at_byte"`
	}{}
	if !read(w, r, &q) {
		return
	}
	if s.cfg.Paper == nil {
		fail(w, http.StatusNotFound, errNoPrinter)
		return
	}
	at := -1
	if q.AtByte != nil {
		at = *q.AtByte
	}
	if err := s.cfg.Paper.Fault(q.Fault, at); err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	s.settle(r)
	done(w)
}

func (s *Server) drawer(w http.ResponseWriter, r *http.Request) {
	if s.cfg.Paper == nil {
		fail(w, http.StatusNotFound, errNoPrinter)
		return
	}
	s.settle(r)
	kicks := s.cfg.Paper.Kicks()
	if kicks == nil {
		kicks = []Kick{}
	}
	answer(w, map[string]any{"count": len(kicks), "kicks": kicks})
}
