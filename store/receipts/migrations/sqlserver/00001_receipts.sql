-- +goose Up
-- BIN2: accents, ñ and capitals make different values. A unique index of SQL
-- Server takes two NULLs for the same, hence the filter on the stamp.
IF OBJECT_ID(N'receipts', N'U') IS NULL
CREATE TABLE receipts (
    id              BIGINT IDENTITY PRIMARY KEY,
    stamp           NVARCHAR(16) COLLATE Latin1_General_100_BIN2,
    folio           NVARCHAR(11) COLLATE Latin1_General_100_BIN2,
    address         NVARCHAR(113) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    type            NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    given_names     NVARCHAR(128) COLLATE Latin1_General_100_BIN2,
    first_surname   NVARCHAR(128) COLLATE Latin1_General_100_BIN2,
    second_surname  NVARCHAR(128) COLLATE Latin1_General_100_BIN2,
    centre_name     NVARCHAR(256) COLLATE Latin1_General_100_BIN2,
    responsible     NVARCHAR(256) COLLATE Latin1_General_100_BIN2,
    curp            NVARCHAR(18) COLLATE Latin1_General_100_BIN2,
    cct             NVARCHAR(10) COLLATE Latin1_General_100_BIN2,
    employee_number NVARCHAR(32) COLLATE Latin1_General_100_BIN2,
    level           NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    grade           NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    class_group     NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    petition_medium NVARCHAR(16) COLLATE Latin1_General_100_BIN2,
    petition_number NVARCHAR(128) COLLATE Latin1_General_100_BIN2,
    petition_date   DATE,
    requester_id    NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    requester_name  NVARCHAR(256) COLLATE Latin1_General_100_BIN2,
    director        NVARCHAR(256) COLLATE Latin1_General_100_BIN2,
    subdirector     NVARCHAR(256) COLLATE Latin1_General_100_BIN2,
    object_id       NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
    state           NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    requested_at    DATETIME2(6),
    authorized_at   DATETIME2(6),
    created_at      DATETIME2(6),
    updated_at      DATETIME2(6) NOT NULL
);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'receipts_stamp' AND object_id = OBJECT_ID(N'receipts'))
CREATE UNIQUE INDEX receipts_stamp ON receipts (stamp) WHERE stamp IS NOT NULL;
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'receipts_curp' AND object_id = OBJECT_ID(N'receipts'))
CREATE INDEX receipts_curp ON receipts (curp);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'receipts_cct' AND object_id = OBJECT_ID(N'receipts'))
CREATE INDEX receipts_cct ON receipts (cct);
IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'receipts_folio' AND object_id = OBJECT_ID(N'receipts'))
CREATE INDEX receipts_folio ON receipts (folio);

-- +goose Down
DROP TABLE receipts;
