// Package receipts is the "Servidor de Recibos": the ministry's database of
// institutional addresses, one row an account, on SQLite, PostgreSQL,
// MySQL/MariaDB or SQL Server.
//
// Open takes the address of the database and returns at once, whether the
// database is up or not: migrations, or the check of an existing table against
// its TableMap, happen at first contact and again until they succeed. Put is an
// Ensure: done twice, or by two at once, or after a lost answer, it leaves one
// row. Find looks a holder or an address up. Import brings the list that was
// kept before Altas in, and Rows reads everything, for reconciling.
//
// There is one way through for all four databases: statements are put together
// once from the table's columns, prepared and bound by sqlx, and our own schema
// is kept by goose. Whatever a value holds, it is stored exactly or refused
// before it is sent, alike on all of them.
package receipts
