package hub

import (
	"context"
	"errors"
	"maps"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Metrics is the latest set of measurements of a device.
type Metrics struct {
	AtMS   int64 // hub time, Unix ms
	Values map[string]float64
}

// Metrics returns the latest measurements by device. They are kept in memory
// only.
func (h *Hub) Metrics() map[string]Metrics {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.metrics)
}

// maxMetrics is how many devices are remembered.
const maxMetrics = 10_000

func (h *Hub) metric(m Message) {
	_, body, err := open(m)
	values, ok := body.(*protocol.DeviceMetric)
	if err != nil || !ok {
		h.log.Warn("metric refused", "device", m.Topic.Device, "error", err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.metrics[m.Topic.Device]; known || len(h.metrics) < maxMetrics {
		h.metrics[m.Topic.Device] = Metrics{AtMS: h.now().UnixMilli(), Values: values.Values}
	}
}

// AllLost writes that no device is connected. It is for a hub that begins with
// a broker of its own: the sessions of the process before it ended without a
// will. With an outside broker sessions live on and it must not be called.
func (h *Hub) AllLost(ctx context.Context) error { return h.store.AllLost(ctx) }

// errStranger means that the device is not enrolled.
var errStranger = errors.New("the device is not enrolled")

// presence handles births, wills and reports. A birth is answered with what
// the device should run.
func (h *Hub) presence(ctx context.Context, m Message) ([]Reply, error) {
	_, body, refused := open(m)
	late, lost := false, []string(nil)
	err := h.store.Write(ctx, func(t *store.Tx) error {
		d, _, _, err := t.Speaker(m.Topic.Device, "")
		if err != nil {
			return err
		}
		if d.State != store.Enrolled {
			return errStranger
		}
		if refused != nil {
			return prepare(m).quarantine(t, unnumbered, refusal(refused))
		}
		if late, err = notePresence(t, m.Topic.Device, body); err != nil {
			return err
		}
		if b, ok := body.(*protocol.DeviceBirth); ok {
			if lost, err = ownUp(t, m.Topic.Device, b); err == nil {
				err = h.greet(t, d)
			}
		}
		return err
	})
	switch {
	case errors.Is(err, errStranger):
		return h.turnAway(ctx, m.Topic)
	case err != nil:
		return nil, err
	case refused != nil:
		h.log.Warn("presence refused", "device", m.Topic.Device, "channel", m.Topic.Channel, "error", refused)
		return nil, nil
	}
	for _, what := range lost {
		h.log.Warn("the device no longer has what this hub has not: was an older backup restored?", "device", m.Topic.Device, "missing", what)
	}
	h.log.Info("presence", "device", m.Topic.Device, "kind", body.Kind(), "late", late)
	if _, ok := body.(*protocol.DeviceBirth); !ok {
		return nil, nil
	}
	return h.desired(ctx, m.Topic)
}

// notePresence writes what a birth, will or report says. A will of another
// session than the latest birth's is late and changes nothing.
func notePresence(t *store.Tx, device string, body protocol.Body) (late bool, err error) {
	switch b := body.(type) {
	case *protocol.DeviceBirth:
		return false, t.Born(device, b)
	case *protocol.DeviceWill:
		ended, err := t.Gone(device, b)
		return !ended, err
	case *protocol.DeviceReported:
		return false, t.Reported(device, b)
	}
	return false, nil
}

// turnAway lists a device that may not speak and tells it so.
func (h *Hub) turnAway(ctx context.Context, topic protocol.Topic) ([]Reply, error) {
	h.log.Warn("a device that is not enrolled tries to connect", "device", topic.Device)
	if err := h.store.Write(ctx, func(t *store.Tx) error { return t.Tried(topic.Device) }); err != nil {
		return nil, err
	}
	if topic.Channel != protocol.Birth {
		return nil, nil
	}
	reply, err := h.seal(topic.Topic(protocol.Desired), topic.Device, &protocol.HubRefused{
		Reason: notEnrolled, Detail: "this device is not enrolled in shop " + topic.Shop,
	})
	if err != nil {
		return nil, err
	}
	return []Reply{reply}, nil
}

// desired tells a device what to run. A shop that has not decided its rules
// yet has nothing to tell.
func (h *Hub) desired(ctx context.Context, topic protocol.Topic) ([]Reply, error) {
	want, err := h.store.Desired(ctx)
	if err != nil {
		return nil, err
	}
	if err := want.Check(); err != nil {
		h.log.Warn("no settings to tell devices", "device", topic.Device, "error", err)
		return nil, nil
	}
	if err := h.addSlips(ctx, topic.Device, &want); err != nil {
		return nil, err
	}
	reply, err := h.seal(topic.Topic(protocol.Desired), topic.Device, &want)
	if err != nil {
		return nil, err
	}
	return []Reply{reply}, nil
}

// addSlips tells a device the highest slip counter and Z report it ever used, so that a new
// journal goes on after it.
func (h *Hub) addSlips(ctx context.Context, device string, want *protocol.HubDesired) error {
	d, err := h.store.Device(ctx, device)
	if err != nil || d.Prefix == "" {
		return err
	}
	if want.Slips, err = h.store.LastSlip(ctx, d.Prefix); err != nil {
		return err
	}
	want.Reports, err = h.store.LastZ(ctx, device)
	return err
}
