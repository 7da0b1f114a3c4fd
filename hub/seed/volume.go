package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"kickstand/hub"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Size is how large a volume shop is.
type Size struct {
	Items     int // at least those of the demo shop
	Customers int
	Sales     int
}

// Grown is the size of a shop after some years.
func Grown() Size { return Size{Items: 20_000, Customers: 3_100, Sales: 20_400} }

// ErrHalf is returned by [Volume] for a shop that an earlier run left half
// full.
var ErrHalf = errors.New("an earlier volume seed was interrupted: delete the shop's database and start again")

// Progress is told how far a step is.
type Progress func(step string, done, total int)

const (
	salesADay = 20
	putChunk  = 2_000
	firstHour = 9
	openHours = 9
)

// Volume makes a shop with a past: items, customers, and sales up to the day
// before now, each sent to the hub by a till and judged, booked and chained
// like any other. The store must use the clock, which ends at now. A second run
// changes nothing.
func Volume(ctx context.Context, s *store.Store, clock *Clock, now time.Time, size Size, tell Progress) (Report, error) {
	v := &volume{store: s, clock: clock, now: now, size: size, tell: tell}
	r, err := v.run(ctx)
	clock.Set(now)
	if err != nil {
		return r, fmt.Errorf("seed volume: %w", err)
	}
	return r, nil
}

// volume is one run of Volume.
type volume struct {
	store *store.Store
	clock *Clock
	now   time.Time
	size  Size
	tell  Progress
	items []article
	tills []*till
}

func (v *volume) run(ctx context.Context) (r Report, err error) {
	if v.items, err = wide(v.size.Items); err != nil {
		return r, err
	}
	days := v.days()
	done, err := v.finished(ctx)
	if done || err != nil {
		return Report{Already: done}, err
	}
	v.clock.Set(days[0].AddDate(0, 0, -1))
	if err := settle(ctx, v.store, v.now); err != nil {
		return r, err
	}
	if err := v.people(ctx); err != nil {
		return r, err
	}
	if err := v.stock(ctx); err != nil {
		return r, err
	}
	if err := v.openTills(ctx); err != nil {
		return r, err
	}
	return Report{Items: v.size.Items, Customers: v.size.Customers, Sales: v.size.Sales}, v.trade(ctx, days)
}

// finished reports whether all sales are there; some of them is ErrHalf.
func (v *volume) finished(ctx context.Context) (bool, error) {
	at, err := v.store.LastSale(ctx, v.now.UnixMilli()+1)
	if err != nil {
		return false, err
	}
	begun, err := v.store.ItemCount(ctx)
	if err != nil || at == 0 && begun == 0 {
		return false, err
	}
	t, err := v.store.Takings(ctx, 0, v.now.UnixMilli()+1)
	if err == nil && t.Sales < int64(v.size.Sales) {
		err = ErrHalf
	}
	return err == nil, err
}

// days are the noons of the shop's open days, oldest first, in its time zone.
func (v *volume) days() []time.Time {
	n := (v.size.Sales + salesADay - 1) / salesADay
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		zone = time.UTC // Letterhead reports it
	}
	local := v.now.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	var all []time.Time
	for len(all) < max(n, 1) {
		day = day.AddDate(0, 0, -1)
		if day.Weekday() != time.Sunday {
			all = append(all, day)
		}
	}
	slices.Reverse(all)
	return all
}

func (v *volume) people(ctx context.Context) error {
	all := customers(v.size.Customers)
	for chunk := range slices.Chunk(all, putChunk) {
		if err := v.store.PutCustomers(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// stock puts the items on the shelves.
func (v *volume) stock(ctx context.Context) error {
	table, err := money.TableByName("ca-bc")
	if err != nil {
		return err
	}
	for i := range v.items {
		if v.items[i].Taxes, err = table.Taxes(v.items[i].TaxCategory); err != nil {
			return err
		}
	}
	done := 0
	for chunk := range slices.Chunk(v.items, putChunk) {
		if err := open(ctx, v.store, chunk); err != nil {
			return err
		}
		done += len(chunk)
		v.tell("items", done, len(v.items))
	}
	return nil
}

func (v *volume) openTills(ctx context.Context) error {
	set, err := v.store.Settings(ctx)
	if err != nil {
		return err
	}
	version, err := v.store.CatalogueVersion(ctx)
	if err != nil {
		return err
	}
	shelves := newShelves(v.items)
	for i, d := range devices() {
		if d.Role != protocol.Counter {
			continue
		}
		v.tills = append(v.tills, &till{
			chance: rand.New(rand.NewPCG(20_400, uint64(i))), address: protocol.Address{Shop: v.store.Shop(), Device: d.ID},
			prefix: d.Prefix, epoch: "seed-" + d.ID, rules: set.Rules, shop: set.Shop, version: version, staff: set.Operators, shelves: shelves, people: v.size.Customers,
		})
	}
	return nil
}

// trade lives through the days.
func (v *volume) trade(ctx context.Context, days []time.Time) error {
	h := hub.New(hub.Config{Store: v.store, Now: v.clock.Now})
	for _, t := range v.tills {
		m, err := t.say(v.clock.Now(), &protocol.JournalReset{Why: "first start"})
		if err == nil {
			err = take(ctx, h, []hub.Message{m})
		}
		if err != nil {
			return err
		}
	}
	left := v.size.Sales
	for i, day := range days {
		n := min(left, (v.size.Sales*(i+1))/len(days)-(v.size.Sales-left))
		if err := v.liveDay(ctx, h, day, n); err != nil {
			return err
		}
		left -= n
		v.tell("sales", v.size.Sales-left, v.size.Sales)
	}
	return nil
}

// liveDay sells n times at one or the other counter. On Mondays the delivery
// comes.
func (v *volume) liveDay(ctx context.Context, h *hub.Hub, day time.Time, n int) error {
	at := day.Add(firstHour * time.Hour)
	v.clock.Set(at)
	if day.Weekday() == time.Monday {
		if all := v.tills[0].shelves.delivery(v.items); len(all) > 0 {
			if err := v.store.MoveStock(ctx, all); err != nil {
				return err
			}
		}
	}
	chance := v.tills[0].chance
	for k := range n {
		room := openHours * time.Hour / time.Duration(n)
		sold := at.Add(time.Duration(k)*room + time.Duration(chance.Int64N(int64(room/time.Millisecond)))*time.Millisecond)
		t := v.tills[chance.IntN(3)/2]
		msgs, err := t.ring(sold)
		if err != nil {
			return err
		}
		v.clock.Set(sold.Add(80 * time.Millisecond))
		if err := take(ctx, h, msgs); err != nil {
			return err
		}
	}
	return nil
}

// take gives a till's messages to the hub and makes sure that it took them.
func take(ctx context.Context, h *hub.Hub, msgs []hub.Message) error {
	replies, err := h.HandleAll(ctx, msgs)
	if err != nil {
		return err
	}
	for _, r := range replies {
		env, err := protocol.Decode(r.Payload)
		if err != nil {
			return err
		}
		body, err := env.Open()
		if err != nil {
			return err
		}
		if ack, ok := body.(*protocol.HubAck); !ok || len(ack.Rejected) > 0 || ack.Resend > 0 {
			return fmt.Errorf("the hub did not take it: %s", env.Body)
		}
	}
	if len(replies) == 0 {
		return errors.New("the hub gave no answer")
	}
	return nil
}
