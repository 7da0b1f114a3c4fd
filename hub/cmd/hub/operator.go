package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"kickstand/hub/right"
	"kickstand/hub/staff"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// operatorCommand says who works in the shop and sets passwords. The hub must
// not be running.
func operatorCommand(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say what: hub operator add, hub operator retire, hub operator password, or hub operator list")
	}
	var c Config
	o := protocol.Operator{Role: right.Owner}
	var percent int64
	var file string
	fs := c.flags("operator " + args[0])
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	fs.StringVar(&o.Name, "name", "", "`name` as shown and printed, for add")
	fs.StringVar(&o.Role, "role", o.Role, "owner, service lead, mechanic, sales or junior, for add")
	fs.Int64Var(&percent, "discount", 0, "largest discount the person may give, `percent`, for add")
	fs.StringVar(&file, "file", "", "`file` with the password in its first line, for password; without it standard input is read")
	rest := args[1:]
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		o.ID, rest = rest[0], rest[1:]
	}
	if err := c.parse(fs, rest); err != nil {
		return err
	}
	o.MaxDiscount = percent * 10_000
	return withShop(ctx, c, func(db *store.Store) error {
		switch args[0] {
		case "add":
			return addOperator(ctx, db, o)
		case "retire":
			return retireOperator(ctx, db, o.ID)
		case "password":
			return setPassword(ctx, db, o.ID, file)
		case "list":
			return listOperators(ctx, db)
		}
		return fmt.Errorf("there is no hub operator %q: say add, retire, password or list", args[0])
	})
}

func addOperator(ctx context.Context, db *store.Store, o protocol.Operator) error {
	if o.ID == "" {
		o.ID = "op-" + strings.ToLower(rand.Text()[:8])
	}
	switch {
	case protocol.CheckID(o.ID) != nil:
		return fmt.Errorf("the id %q must be 1 to 48 of a-z, 0-9 and -: hub operator add op-ada --name Ada", o.ID)
	case o.Name == "":
		return errors.New("--name is missing: the name as shown and printed")
	case !right.May(o.Role, right.Self):
		return fmt.Errorf("--role %q must be owner, service lead, mechanic, sales or junior", o.Role)
	case o.MaxDiscount < 0 || o.MaxDiscount > 1_000_000:
		return errors.New("--discount must be 0 to 100 percent")
	}
	if err := db.PutOperator(ctx, o); err != nil {
		return err
	}
	fmt.Printf("%s (%s, %s) is on the staff. hub operator password %s lets the person change things in the office.\n", o.Name, o.ID, o.Role, o.ID)
	if strings.Contains(o.ID, strings.ToLower(o.Name)) {
		fmt.Println("The id says who it is and stays in the books for good, also when the person is erased one day. Without an id the hub makes one that says nothing.")
	}
	return nil
}

func retireOperator(ctx context.Context, db *store.Store, id string) error {
	err := db.RetireOperator(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return noOperator(id)
	}
	if err == nil {
		fmt.Printf("%s has left. What the person did stays.\n", id)
	}
	return err
}

func setPassword(ctx context.Context, db *store.Store, id, file string) error {
	password, err := readPassword(file)
	if err != nil {
		return err
	}
	err = staff.SetPassword(ctx, db, id, password, "")
	if errors.Is(err, store.ErrNotFound) {
		return noOperator(id)
	}
	if err == nil {
		fmt.Printf("The password of %s is set, and all earlier sessions are over.\n", id)
	}
	return err
}

func noOperator(id string) error {
	return fmt.Errorf("there is nobody %q on the staff; hub operator list names those there are", id)
}

// readPassword reads one line, from a file or from standard input.
func readPassword(file string) (string, error) {
	in := io.Reader(os.Stdin)
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("--file: %w", err)
		}
		defer f.Close()
		in = f
	} else {
		fmt.Fprintln(os.Stderr, "Type the new password and press Enter (it is shown as you type):")
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func listOperators(ctx context.Context, db *store.Store) error {
	all, err := db.Operators(ctx)
	if err != nil {
		return err
	}
	kept, err := db.Passwords(ctx)
	if err != nil {
		return err
	}
	state := map[string]string{}
	for _, p := range kept {
		state[p.Operator] = "set"
		if p.Demo {
			state[p.Operator] = "the demo shop's"
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "person\trole\tpassword\tname")
	for _, o := range all {
		if state[o.ID] == "" {
			state[o.ID] = "none"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", o.ID, o.Role, state[o.ID], o.Name)
	}
	return w.Flush()
}
