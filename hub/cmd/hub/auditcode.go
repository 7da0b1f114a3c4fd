package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/audit"
)

// auditCode looks up the code of a receipt or Z report.
func auditCode(ctx context.Context, args []string) (err error) {
	var a auditFlags
	fs := a.flags("code")
	fs.StringVar(&a.key, "key", "", "public `key` as hub audit key printed it; without it, the one at hand")
	words, err := a.words(fs, args)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return errors.New("say which code: hub audit code --data DIR --shop ID 1204-7ZQ4M-0KX3V")
	}
	if err := errors.Join(a.check(), mustExist(ctx, a.Config)); err != nil {
		return err
	}
	key, err := a.public()
	if err != nil {
		return err
	}
	db, err := a.look(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	f, err := audit.LookUp(ctx, db, key, words[0])
	if err != nil {
		return err
	}
	fmt.Printf("The paper with the code %s was printed when the journal had %d rows, sealed %s.\n", f.Checkpoint.Code(), f.Checkpoint.Size,
		time.UnixMilli(f.Checkpoint.AtMS).UTC().Format(time.RFC3339))
	fmt.Printf("Row %d (%s) is unchanged, and today's journal of %d rows continues that one. hub audit verify checks all of them.\n",
		f.Row.N, f.Row.Kind, f.Latest.Size)
	return nil
}
