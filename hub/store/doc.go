// Package store keeps everything a shop knows in one SQL database. It is the
// only package that speaks SQL.
//
// It promises:
//   - A write that returned nil is on disk: SQLite runs in WAL mode with
//     synchronous=FULL, a PostgreSQL that does not wait for its disk is refused,
//     and no caller hears of success before the commit.
//   - One hub at a time: a second one on the same PostgreSQL schema is refused.
//     The files of SQLite are locked by hub/cmd/hub.
//   - Writes are applied one after the other, in the order of their calls to
//     [Store.Write] on one goroutine. Up to [GroupSize] waiting writes share a
//     commit; one that fails is undone alone and takes nothing with it.
//   - Races are decided by single guarded statements, never by a check
//     followed by a write.
//   - Readers never wait for the writer and see committed rows only.
//   - The same SQL text and the same migrations run on SQLite and PostgreSQL 15;
//     what differs is in one file per dialect. Whole numbers are BIGINT on both,
//     text is compared byte by byte.
//   - A write in which a statement failed fails, also if it hides the failure.
//
// SQL that is added here keeps to what both databases understand alike: $1
// arguments that are whole numbers, text or bytes (flags are 0 and 1), ON
// CONFLICT, RETURNING, CAST of arguments where a function wants INTEGER, sums
// cast to BIGINT, no column beside GROUP BY that is not in it, and within a
// [Tx] one result at a time. Running numbers rise, but an undone write may leave
// a gap. Migrations keep to the part of SQL that pgmigrations.go describes.
//
// It refuses to judge: whether a sale is right is decided by hub/sale, what an
// audit row's hash covers by hub/audit. It never talks to a device; what
// devices must hear is left in the outbox for the hub to publish.
//
// Start with [Open]; change things through [Store.Write] and the methods of
// [Tx], or the wrappers of Store such as [Store.PutItems]; read through the
// other methods of Store. docs/schema.md describes every table and column and
// is generated from the migrations by hub/store/cmd/schemadoc.
package store
