// Package receipts is the adapter of the "Servidor de Recibos", the ministry's database of
// institutional addresses with one row per account, on SQLite, PostgreSQL, MySQL/MariaDB or SQL
// Server.
//
// Open returns at once, whether the database is up or not: migrations, or the check of an
// existing table against its TableMap, run at first contact and are retried until they succeed.
// Put is idempotent: called twice, concurrently, or again after a lost answer, it leaves one
// row. Recovered writes the latest password recovery of an account into its row. Find looks up a
// holder or an address. Import adds the list of addresses from before Altas, and Rows reads all
// rows, for reconciling. Erase blanks a person's rows, and Compact removes from the database's files
// what they said.
//
// The code is the same for all four databases: statements are built once from the table's
// columns, prepared and bound by sqlx, and our own schema is migrated by goose. A value is
// stored exactly, or refused before it is sent, in the same way on all of them.
package receipts
