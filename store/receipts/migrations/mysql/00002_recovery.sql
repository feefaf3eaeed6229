-- +goose Up
-- MySQL commits each ALTER TABLE by itself, and has no ADD COLUMN IF NOT EXISTS
-- as MariaDB does: a migration that was interrupted must find its columns.
SET @add_recovery = IF((
    SELECT COUNT(*) FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'receipts' AND COLUMN_NAME = 'recovered_at') > 0,
    'DO 0',
    'ALTER TABLE receipts ADD COLUMN recovered_at DATETIME(6), ADD COLUMN recovery_folio VARCHAR(11)');
PREPARE add_recovery FROM @add_recovery;
EXECUTE add_recovery;
DEALLOCATE PREPARE add_recovery;

-- +goose Down
ALTER TABLE receipts DROP COLUMN recovery_folio, DROP COLUMN recovered_at;
