-- +goose Up
ALTER TABLE receipts
    ADD COLUMN IF NOT EXISTS recovered_at TIMESTAMPTZ,
    ADD COLUMN IF NOT EXISTS recovery_folio VARCHAR(11);

-- +goose Down
ALTER TABLE receipts DROP COLUMN recovery_folio, DROP COLUMN recovered_at;
