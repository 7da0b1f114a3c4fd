package flow

import (
	"slices"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// unaskedMS is how old a receipt may be to be printed without asking.
const unaskedMS = 10 * 60_000

// maxCopies is how many copies of one receipt the protocol can count.
const maxCopies = 1000

// queue asks for one receipt on paper.
func (t *turn) queue(sale *protocol.Sale, copy int) {
	t.Durable.Jobs = append(slices.Clone(t.Durable.Jobs), Job{
		ID: t.sub("j"), Sale: sale.ID, Slip: sale.Slip, Copy: copy, Phase: Queued,
		WallMS: t.Clock.WallMS, MonoMS: t.Clock.MonoMS,
	})
	t.pump()
}

// queuePaper asks for a document that is no receipt. label is what people know it
// by; a copy above 0 is marked as one.
func (t *turn) queuePaper(subject, label string, doc slip.Doc, copy int) {
	t.makeRoom()
	t.Durable.Jobs = append(slices.Clone(t.Durable.Jobs), Job{
		ID: t.sub("j"), Sale: subject, Slip: label, Copy: copy, Phase: Queued, Paper: &doc,
		WallMS: t.Clock.WallMS, MonoMS: t.Clock.MonoMS,
	})
	t.pump()
}

// maxPapers is how many documents that are no receipts may wait for paper.
const maxPapers = 10

// makeRoom gives up the oldest waiting paper when there are too many.
func (t *turn) makeRoom() {
	n, oldest := 0, -1
	for i, j := range t.Durable.Jobs {
		if j.Paper == nil {
			continue
		}
		if n++; oldest < 0 && j.Phase != Begun {
			oldest = i
		}
	}
	if n >= maxPapers && oldest >= 0 {
		t.giveUp(oldest, wordTooOld)
	}
}

// document is what a job prints, and whether it is still known.
func (s State) document(j Job) (slip.Doc, bool) {
	if j.Paper != nil {
		return slip.Again(*j.Paper, j.Copy), true
	}
	at := s.recent(j.Sale)
	if at < 0 {
		return slip.Doc{}, false
	}
	doc := slip.Build(s.Durable.Recent[at].Sale, j.Copy, "")
	if s.Durable.Settings.Receipts.Print {
		doc = slip.WithLink(doc, s.link(s.Durable.Recent[at].Sale))
	}
	return doc, true
}

// pump begins the next receipt when the printer is free. What waited too long,
// or finds no printer, is held for a person.
func (t *turn) pump() {
	down := t.part("printer").State == PartDown
	for i, j := range t.Durable.Jobs {
		switch {
		case j.Phase != Queued:
		case down:
			t.hold(i, "") // what to do follows from the printer as it is when somebody looks
		case t.Clock.MonoMS-j.MonoMS > unaskedMS:
			t.hold(i, wordWaitedLong)
		}
	}
	begun := func(j Job) bool { return j.Phase == Begun }
	if slices.ContainsFunc(t.Durable.Jobs, begun) {
		return
	}
	next := slices.IndexFunc(t.Durable.Jobs, func(j Job) bool { return j.Phase == Queued })
	if next >= 0 {
		t.begin(next)
	}
}

func (t *turn) begin(i int) {
	j := t.Durable.Jobs[i]
	doc, ok := t.document(j)
	if !ok {
		t.dropJob(i)
		return
	}
	j.Phase, j.Why, j.MonoMS = Begun, "", t.Clock.MonoMS
	t.putJob(i, j)
	t.receipt(j, wordPrinting)
	t.do(Print{Job: j.ID, Doc: doc})
}

// jobMS is when a print without an answer may be given up, 0 for never.
func (s State) jobMS() int64 {
	for _, j := range s.Durable.Jobs {
		if j.Phase == Begun {
			return j.MonoMS + stuckMS
		}
	}
	return 0
}

// printed takes the end of a Print effect. An answer to a job that is not
// printing is late or doubled and means nothing.
func (t *turn) printed(p Printed) {
	i := slices.IndexFunc(t.Durable.Jobs, func(j Job) bool { return j.ID == p.Job && j.Phase == Begun })
	if i < 0 {
		return
	}
	fault := phrase(p.Fault)
	switch {
	case fault == "":
		j := t.Durable.Jobs[i]
		t.report(j, p.Proof, "")
		t.receipt(j, wordPrinted(j.Copy))
		t.dropJob(i)
	case p.Clean:
		t.hold(i, wordNothingPrinted(fault))
		t.sound(Attention)
	default:
		t.doubt(i, fault)
		t.sound(Attention)
	}
	t.pump()
}

// doubt takes a job whose paper nobody can vouch for: the hub hears so, and
// printing again gives a marked copy, once a person asks for it.
func (t *turn) doubt(i int, fault string) {
	old := t.Durable.Jobs[i]
	t.report(old, protocol.ProofUnknown, fault)
	j := old
	j.ID, j.Copy = t.sub("j"), t.nextCopy(old)
	t.putJob(i, j)
	t.hold(i, wordMaybePrinted(fault))
}

func (t *turn) hold(i int, why string) {
	j := t.Durable.Jobs[i]
	j.Phase, j.Why = Held, why
	t.putJob(i, j)
	t.receipt(j, orElse(why, wordNotPrinted))
}

// nextCopy counts one more copy of a sale's receipt.
func (t *turn) nextCopy(j Job) int {
	i := t.recent(j.Sale)
	if i < 0 || j.Paper != nil {
		return min(j.Copy+1, maxCopies)
	}
	all := slices.Clone(t.Durable.Recent)
	all[i].Copies = min(all[i].Copies+1, maxCopies)
	t.Durable.Recent = all
	return all[i].Copies
}

// receipt notes in words how a sale's receipt fares.
func (t *turn) receipt(j Job, words string) {
	i := t.recent(j.Sale)
	if i < 0 || t.Durable.Recent[i].Receipt == words {
		return
	}
	all := slices.Clone(t.Durable.Recent)
	all[i].Receipt = words
	t.Durable.Recent = all
}

func (t *turn) report(j Job, proof protocol.Proof, why string) {
	t.send(Hi, &protocol.ReceiptPrinted{Job: j.ID, Sale: j.Sale, Copy: j.Copy, Proof: proof, Why: why})
}

func (t *turn) putJob(i int, j Job) {
	t.Durable.Jobs = slices.Clone(t.Durable.Jobs)
	t.Durable.Jobs[i] = j
}

func (t *turn) dropJob(i int) {
	t.Durable.Jobs = slices.Delete(slices.Clone(t.Durable.Jobs), i, i+1)
}

// giveUp ends a job without paper.
func (t *turn) giveUp(i int, why string) {
	j := t.Durable.Jobs[i]
	proof := protocol.ProofSkipped
	if j.Phase == Begun {
		proof = protocol.ProofUnknown
	}
	t.report(j, proof, why)
	t.receipt(j, wordSkipped)
	t.dropJob(i)
}

// pressJob does what a person decides about a waiting receipt, "C1-000123:print".
func (t *turn) pressJob(rest string) {
	slipNo, verb, _ := strings.Cut(rest, ":")
	i := t.job(slipNo)
	if i < 0 {
		return
	}
	if verb == "skip" {
		t.giveUp(i, wordSkippedBy(t.Durable.Operator))
		t.pump()
		return
	}
	j := t.Durable.Jobs[i]
	j.Phase, j.Why, j.WallMS, j.MonoMS = Queued, "", t.Clock.WallMS, t.Clock.MonoMS
	t.putJob(i, j)
	t.pump()
}

// reprint asks for a marked copy of a finished sale; an empty slip is the last.
func (t *turn) reprint(slipNo string) {
	i := 0
	if slipNo != "" {
		i = t.recent(slipNo)
	}
	if i < 0 || i >= len(t.Durable.Recent) {
		return
	}
	sale := t.Durable.Recent[i].Sale
	n := t.nextCopy(Job{Sale: sale.ID})
	t.queue(sale, n)
	t.toast(PartOK, wordCopyAsked(n, sale.Slip))
}

// bootJobs takes up the receipts of the time before the start. One that was
// being printed may be on paper: it comes again, marked as a copy, while it is
// young; otherwise a person decides.
func (t *turn) bootJobs() {
	jobs := slices.Clone(t.Durable.Jobs)
	for i := range jobs {
		age := t.Clock.WallMS - jobs[i].WallMS
		if age < 0 {
			age = unaskedMS + 1 // the clock is wrong: nobody knows the age
		}
		jobs[i].MonoMS = t.Clock.MonoMS - age
	}
	t.Durable.Jobs = jobs
	for i, j := range jobs {
		if j.Phase != Begun {
			continue
		}
		t.doubt(i, wordStoppedPrinting)
		again := t.Durable.Jobs[i]
		again.Phase = Queued
		t.putJob(i, again)
	}
	t.pump()
}
