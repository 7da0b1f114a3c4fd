package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"text/tabwriter"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// slipPrefix is what a device may put before its slip numbers.
var slipPrefix = regexp.MustCompile(`^[A-Z0-9]{1,8}$`)

// readerID is Stripe's id of a reader.
var readerID = regexp.MustCompile(`^tmr_[A-Za-z0-9_]{1,100}$`)

// deviceCommand enrols, retires and lists the devices of a shop. The hub must
// not be running, so that it has one picture of its devices.
func deviceCommand(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say what: hub device enrol, hub device reader, hub device retire, or hub device list")
	}
	var c Config
	var d store.Device
	role := string(protocol.Counter)
	fs := c.flags("device " + args[0])
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	fs.StringVar(&d.ID, "device", "", "device `id`, as in the device's own settings")
	fs.StringVar(&role, "role", role, "counter or kiosk")
	fs.StringVar(&d.Prefix, "slip", "", "`prefix` of its slip numbers, 1 to 8 of A-Z and 0-9, no other device's")
	fs.StringVar(&d.Name, "name", "", "what staff call it")
	fs.StringVar(&d.Reader, "reader", "", "Stripe's `id` of its card reader, tmr_…; empty takes it away")
	if err := c.parse(fs, args[1:]); err != nil {
		return err
	}
	d.Role = protocol.Role(role)
	return withShop(ctx, c, func(db *store.Store) error {
		switch args[0] {
		case "enrol":
			return enrol(ctx, db, d)
		case "reader":
			return setReader(ctx, db, d)
		case "retire":
			return retire(ctx, db, d.ID)
		case "list":
			return listDevices(ctx, db)
		}
		return fmt.Errorf("there is no hub device %q: say enrol, reader, retire or list", args[0])
	})
}

// withShop opens a shop that exists and is not being served.
func withShop(ctx context.Context, c Config, do func(*store.Store) error) (err error) {
	if err := mustExist(ctx, c); err != nil {
		return err
	}
	held, err := take(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	db, err := store.Open(ctx, c.store())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(db)
}

func enrol(ctx context.Context, db *store.Store, d store.Device) error {
	switch {
	case protocol.CheckID(d.ID) != nil:
		return fmt.Errorf("--device %q must be 1 to 48 of a-z, 0-9 and -", d.ID)
	case d.Role != protocol.Counter && d.Role != protocol.Kiosk:
		return fmt.Errorf("--role %q must be counter or kiosk", string(d.Role))
	case !slipPrefix.MatchString(d.Prefix):
		return fmt.Errorf("--slip %q must be 1 to 8 of A-Z and 0-9", d.Prefix)
	}
	all, err := db.Devices(ctx)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != d.ID && other.Prefix == d.Prefix {
			return fmt.Errorf("--slip %s is %s's: a receipt number must belong to one device for ever, choose another", d.Prefix, other.ID)
		}
	}
	if d.Name == "" {
		d.Name = d.ID
	}
	if err := db.Enrol(ctx, d); err != nil {
		return err
	}
	fmt.Printf("%s may speak for the shop as a %s; its slip numbers begin with %s.\n", d.ID, d.Role, d.Prefix)
	return nil
}

func setReader(ctx context.Context, db *store.Store, d store.Device) error {
	if d.Reader != "" && !readerID.MatchString(d.Reader) {
		return fmt.Errorf("--reader %q must be Stripe's id of a reader, tmr_…: the Stripe dashboard names it below Terminal", d.Reader)
	}
	err := db.SetReader(ctx, d.ID, d.Reader)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is no device %q; hub device list names those there are", d.ID)
	case err != nil:
		return err
	case d.Reader == "":
		fmt.Printf("%s takes no cards any more.\n", d.ID)
	default:
		fmt.Printf("%s takes cards with the reader %s.\n", d.ID, d.Reader)
	}
	return nil
}

func retire(ctx context.Context, db *store.Store, id string) error {
	err := db.Retire(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no device %q; hub device list names those there are", id)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s may not speak any more. What it sold stays.\n", id)
	return nil
}

func listDevices(ctx context.Context, db *store.Store) error {
	all, err := db.Devices(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "device\tstate\trole\tslip\treader\tname")
	for _, d := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.State, d.Role, d.Prefix, d.Reader, d.Name)
	}
	return w.Flush()
}
