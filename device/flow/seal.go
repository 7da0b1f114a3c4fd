package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/seal"
)

// Seal is what the device has seen of the hub's journal. It goes on only with a
// journal that continues what it has seen.
type Seal struct {
	Key     string `json:"key"`     // the hub's public key, as at first contact; empty: never heard
	Note    string `json:"note"`    // the last checkpoint that was accepted
	Refused string `json:"refused"` // a checkpoint that does not continue Note; empty: all is well
	Signer  string `json:"signer"`  // the key that Refused came with
	Why     string `json:"why"`     // in words
}

// sealPart is the part of the device that stands for the hub's journal.
const sealPart = "history"

// cosignMS is how often a device signs what it has accepted, at most.
const cosignMS = 60_000

// have is the last checkpoint that was accepted, of no rows when there is none.
func (s Seal) have() seal.Checkpoint { return parsed(s.Note) }

func parsed(note string) seal.Checkpoint {
	c, err := seal.ParseCheckpoint(note)
	if err != nil {
		return seal.Checkpoint{}
	}
	return c
}

// mark is what documents carry of the journal, nil before the first checkpoint.
func (s State) mark() *protocol.SealMark {
	c := s.Durable.Seal.have()
	if c.Size == 0 {
		return nil
	}
	return &protocol.SealMark{Code: c.Code(), AtMS: c.AtMS}
}

// askSeal asks for the latest checkpoint, one question at a time.
func (t *turn) askSeal() {
	if t.World.SealAsk != "" {
		return
	}
	t.World.SealAsk = t.sub("seal")
	t.do(Ask{ID: t.World.SealAsk, Body: &protocol.SealAsk{Have: t.Durable.Seal.have().Size}})
}

// bootSeal shows again what was wrong before the restart.
func (t *turn) bootSeal() {
	if s := t.Durable.Seal; s.Refused != "" {
		t.putPart(Part{Name: sealPart, State: PartDown, Detail: wordSealFault(s)})
	}
}

// sealAnswered takes the answer to askSeal or to a signature.
func (t *turn) sealAnswered(h Answered) bool {
	switch b := h.Body.(type) {
	case *protocol.SealTold:
		t.World.SealAsk = ""
		t.judge(b, true)
		return true
	case *protocol.SealKept:
		return true
	}
	return false
}

func (t *turn) sealFailed(h AskFailed) bool {
	if h.ID != t.World.SealAsk || h.ID == "" {
		return false
	}
	t.World.SealAsk = ""
	return true
}

// sealTold takes a checkpoint that the hub tells unasked. One that does not begin
// where the device is makes it ask; while something is wrong the device waits for
// a person, and asks again with the next connection.
func (t *turn) sealTold(b *protocol.SealTold) {
	s := t.Durable.Seal
	switch have := s.have().Size; {
	case s.Refused != "":
	case have == 0 || b.From != have:
		if parsed(b.Checkpoint).Size != have {
			t.askSeal()
		}
	default:
		t.judge(b, false)
	}
}

// judge accepts a checkpoint or refuses it and says why.
func (t *turn) judge(b *protocol.SealTold, asked bool) {
	s := t.Durable.Seal
	if s.Key == "" {
		s.Key = b.Key // trusted on first use, and shown for people to compare
	}
	next, why := s.continues(b)
	switch {
	case why != "" && !asked:
		t.askSeal() // the answer is one piece; what was told may be stale
	case why != "":
		t.refuseSeal(b, why)
	default:
		t.acceptSeal(s.Key, next)
	}
}

// continues checks a checkpoint against the last one. why is empty when it
// continues it.
func (s Seal) continues(b *protocol.SealTold) (next seal.Checkpoint, why string) {
	if b.Key != s.Key {
		return next, wordSealKey
	}
	key, err := seal.ParsePublic(s.Key)
	if err != nil {
		return next, wordSealUnsigned
	}
	if next, err = key.Check(b.Checkpoint); err != nil {
		return next, wordSealUnsigned
	}
	have := s.have()
	switch {
	case have.Size == 0, next.Size == have.Size && next.Root == have.Root:
		return next, ""
	case next.Size < have.Size:
		return next, wordSealShorter(have.Size - next.Size)
	case b.From != have.Size && next.Size != have.Size, seal.CheckGrowth(proofOf(b), have, next) != nil:
		return next, wordSealRewritten
	}
	return next, ""
}

func proofOf(b *protocol.SealTold) []seal.Hash {
	all := make([]seal.Hash, len(b.Proof))
	for i, h := range b.Proof {
		all[i] = seal.Hash(h)
	}
	return all
}

func (t *turn) acceptSeal(key string, c seal.Checkpoint) {
	if t.Durable.Seal.Note != c.Note || t.Durable.Seal.Refused != "" {
		t.Durable.Seal = Seal{Key: key, Note: c.Note}
	}
	if t.part(sealPart).State != PartOK {
		t.partChanged(PartChanged{Part: sealPart, State: PartOK})
	}
	if t.World.SignMS == 0 || t.Clock.MonoMS-t.World.SignMS >= cosignMS {
		t.cosign()
	}
}

// cosign signs the last accepted checkpoint.
func (t *turn) cosign() {
	s := t.Durable.Seal
	if s.Note == "" || s.Refused != "" || !t.World.Online {
		return
	}
	t.World.SignMS = max(1, t.Clock.MonoMS)
	t.do(Cosign{ID: t.sub("sign"), Checkpoint: s.Note})
}

// refuseSeal keeps what the device has and calls people.
func (t *turn) refuseSeal(b *protocol.SealTold, why string) {
	s := &t.Durable.Seal
	news := s.Refused == ""
	s.Refused, s.Signer, s.Why = b.Checkpoint, b.Key, why
	if news {
		t.notice(wordSealNotice(why))
	}
	t.partChanged(PartChanged{Part: sealPart, State: PartDown, Detail: wordSealFault(*s)})
}

// pressHistory asks a manager whether to go on with another journal.
func (t *turn) pressHistory() {
	if why := t.cannotAccept(); why != "" {
		t.refuse(why)
		return
	}
	t.ask(Question{Kind: askHistory})
}

// cannotAccept says why the person may not; empty when he may.
func (s State) cannotAccept() string {
	op, ok := s.operator()
	switch {
	case s.Durable.Seal.Refused == "":
		return wordSealWell
	case !ok || !manager(op):
		return wordSealWho
	}
	return ""
}

// answerHistory is the manager's yes.
func (t *turn) answerHistory() {
	if why := t.cannotAccept(); why != "" {
		t.refuse(why)
		return
	}
	t.takeHistory(t.Durable.Operator)
}

// takeHistory goes on with the journal that was refused.
func (t *turn) takeHistory(operator string) {
	s := t.Durable.Seal
	key, err := seal.ParsePublic(s.Signer)
	if err == nil {
		_, err = key.Check(s.Refused)
	}
	if err != nil {
		t.refuse(wordSealNotYet)
		return
	}
	t.send(Hi, &protocol.SealAccepted{Operator: operator, Was: s.have().Code(), Now: parsed(s.Refused).Code(), Key: s.Signer})
	t.acceptSeal(s.Signer, parsed(s.Refused))
	t.toast(PartOK, wordSealTaken)
}

// historyAccepted goes on with a refused journal whose code somebody gave who may
// change the device's settings, as at a kiosk, where nobody signs in.
func (t *turn) historyAccepted(code string) {
	tidy, _, err := seal.ParseCode(code)
	if s := t.Durable.Seal; err == nil && s.Refused != "" && tidy == parsed(s.Refused).Code() {
		t.takeHistory("")
	}
}

// showSeal says on the device screen what the device has seen.
func (s State) showSeal(add func(title, detail string, state PartState)) {
	c := s.Durable.Seal
	if key, err := seal.ParsePublic(c.Key); err == nil {
		add(wordSealHubKey, key.Code(), PartOK)
	}
	if have := c.have(); have.Size > 0 {
		add(wordSealSeen, have.Code()+" · "+clockText(have.AtMS, s.Durable.Settings.Shop.UTCOffset), PartOK)
	}
	if c.Refused != "" {
		add(wordSealRefused, parsed(c.Refused).Code(), PartDown)
	}
}
