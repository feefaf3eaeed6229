-- +goose Up
IF COL_LENGTH(N'receipts', N'recovered_at') IS NULL
ALTER TABLE receipts ADD
    recovered_at    DATETIME2(6) NULL,
    recovery_folio  NVARCHAR(11) COLLATE Latin1_General_100_BIN2 NULL;

-- +goose Down
ALTER TABLE receipts DROP COLUMN recovery_folio, recovered_at;
