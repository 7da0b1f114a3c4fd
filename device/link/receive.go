package link

import (
	"context"
	"errors"
	"fmt"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"kickstand/protocol"
)

// handle acts on one message of the hub. It returns an error only if the
// session has to end.
func (s *session) handle(ctx context.Context, m mqtt.Message) error {
	topic, body, err := s.read(m)
	if err == nil {
		err = s.act(ctx, topic, body)
	}
	if errors.Is(err, errOutbox) {
		return err
	}
	if err != nil {
		s.refuse(m.Topic(), err)
		return nil
	}
	if !s.barred {
		s.heard(ctx)
	}
	return nil
}

// read takes a message apart and refuses what is not for this device.
func (s *session) read(m mqtt.Message) (protocol.Topic, protocol.Body, error) {
	topic, err := protocol.ParseTopic(m.Topic())
	if err != nil {
		return topic, nil, err
	}
	if topic.Address != s.cfg.Address {
		return topic, nil, protocol.Refuse(protocol.ForeignDevice, "it is for %s of %s", topic.Device, topic.Shop)
	}
	e, err := protocol.Decode(m.Payload())
	if err != nil {
		return topic, nil, err
	}
	if e.Device != s.cfg.Address.Device {
		return topic, nil, protocol.Refuse(protocol.ForeignDevice, "the envelope is for %s", e.Device)
	}
	body, err := e.Open()
	return topic, body, err
}

func (s *session) act(ctx context.Context, topic protocol.Topic, body protocol.Body) error {
	switch topic.Channel {
	case protocol.Res:
		return s.answered(topic.Corr, body)
	case protocol.Tell:
		if l, ok := body.(*protocol.StockLevels); ok {
			s.levels(ctx, l)
			return nil
		}
		s.cfg.Events(ctx, Told{body})
		return nil
	case protocol.Ack:
		if a, ok := body.(*protocol.HubAck); ok {
			return s.acknowledged(ctx, a)
		}
	case protocol.Desired:
		switch d := body.(type) {
		case *protocol.HubDesired:
			return s.desired(ctx, d)
		case *protocol.HubRefused:
			return s.turnedAway(ctx, d)
		}
	}
	return fmt.Errorf("a %s has no place on %s", body.Kind(), topic.Channel)
}

// turnedAway takes the hub's word that it does not hear this device. It may
// still answer questions, but nothing that is sold reaches it until somebody
// enrols the device; then it says what it desires.
func (s *session) turnedAway(ctx context.Context, r *protocol.HubRefused) error {
	s.barred = true
	s.offline(ctx, plainWords(errBarred))
	return fmt.Errorf("%w: %s: %s", errBarred, r.Reason, r.Detail)
}

func (s *session) desired(ctx context.Context, d *protocol.HubDesired) error {
	s.barred = false
	s.mu.Lock()
	s.settings = d.Settings.Version
	have := s.index.Version()
	s.mu.Unlock()
	s.cfg.Events(ctx, Desired{d})
	if d.Catalogue != have && d.Catalogue > 0 {
		s.want(d.Catalogue)
		return nil
	}
	return s.report()
}

// want tells the puller of the newest version; an older wish is forgotten.
func (s *session) want(version int64) {
	for {
		select {
		case s.wanted <- version:
			return
		case <-s.wanted:
		}
	}
}

// report tells the hub what the device runs now.
func (s *session) report() error {
	var parts map[string]string
	if s.cfg.Parts != nil {
		parts = s.cfg.Parts()
	}
	s.mu.Lock()
	r := &protocol.DeviceReported{Catalogue: s.index.Version(), Settings: s.settings, Program: s.cfg.Program, Parts: parts}
	s.mu.Unlock()
	data, err := s.seal(r)
	if err != nil {
		return err
	}
	s.client.Publish(s.cfg.Address.Topic(protocol.Reported), 1, false, data)
	return nil
}

// answered hands an answer to whoever asked.
func (s *session) answered(corr string, body protocol.Body) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[corr]
	if c == nil {
		s.count.late++
		s.cfg.Log.Info("answer came too late", "corr", corr, "kind", body.Kind())
		return nil
	}
	delete(s.calls, corr) // a second answer counts as late
	c <- body             // never waits: it has room for the one answer
	return nil
}

// Ask asks the hub a question and waits for the answer until ctx ends, at most
// Config.Timeout. Errors wrap ErrOffline or ErrNoAnswer, or are the
// *protocol.RefusedError of the hub.
func (l *Link) Ask(ctx context.Context, question protocol.Body) (protocol.Body, error) {
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Timeout)
	defer cancel()
	data, err := l.seal(question)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", question.Kind(), err)
	}
	corr, answer := newID(), make(chan protocol.Body, 1)
	l.mu.Lock()
	s := l.session
	l.calls[corr] = answer
	l.mu.Unlock()
	defer l.forget(corr)
	if s == nil {
		return nil, fmt.Errorf("ask %s: %w", question.Kind(), ErrOffline)
	}
	s.client.Publish(l.cfg.Address.Question(corr), 1, false, data)
	select {
	case b := <-answer:
		if r, ok := b.(*protocol.HubRefused); ok {
			return nil, fmt.Errorf("ask %s: %w", question.Kind(), protocol.Refuse(r.Reason, "%s", r.Detail))
		}
		return b, nil
	case <-s.ended:
		return nil, fmt.Errorf("ask %s: %w", question.Kind(), ErrOffline)
	case <-ctx.Done():
		return nil, fmt.Errorf("ask %s: %w: %w", question.Kind(), ErrNoAnswer, ctx.Err())
	}
}

func (l *Link) forget(corr string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.calls, corr)
}
