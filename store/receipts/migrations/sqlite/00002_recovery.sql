-- +goose Up
ALTER TABLE receipts ADD COLUMN recovered_at DATETIME;
ALTER TABLE receipts ADD COLUMN recovery_folio VARCHAR(11);

-- +goose Down
ALTER TABLE receipts DROP COLUMN recovery_folio;
ALTER TABLE receipts DROP COLUMN recovered_at;
