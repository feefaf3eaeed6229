-- +goose Up
-- utf8mb4_bin: accents, ñ and capitals make different values, emoji fit. It
-- takes trailing blanks for nothing; keys never hold a blank.
CREATE TABLE IF NOT EXISTS receipts (
    id              BIGINT AUTO_INCREMENT PRIMARY KEY,
    stamp           VARCHAR(16) UNIQUE,
    folio           VARCHAR(11),
    address         VARCHAR(113) NOT NULL UNIQUE,
    type            VARCHAR(16) NOT NULL,
    given_names     VARCHAR(128),
    first_surname   VARCHAR(128),
    second_surname  VARCHAR(128),
    centre_name     VARCHAR(256),
    responsible     VARCHAR(256),
    curp            VARCHAR(18),
    cct             VARCHAR(10),
    employee_number VARCHAR(32),
    level           VARCHAR(64),
    grade           VARCHAR(64),
    class_group     VARCHAR(64),
    petition_medium VARCHAR(16),
    petition_number VARCHAR(128),
    petition_date   DATE,
    requester_id    VARCHAR(64),
    requester_name  VARCHAR(256),
    director        VARCHAR(256),
    subdirector     VARCHAR(256),
    object_id       VARCHAR(64),
    state           VARCHAR(16) NOT NULL,
    requested_at    DATETIME(6),
    authorized_at   DATETIME(6),
    created_at      DATETIME(6),
    updated_at      DATETIME(6) NOT NULL,
    INDEX receipts_curp (curp),
    INDEX receipts_cct (cct),
    INDEX receipts_folio (folio)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- +goose Down
DROP TABLE receipts;
