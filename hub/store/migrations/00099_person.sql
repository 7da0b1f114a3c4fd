-- +goose Up

CREATE INDEX tenders_person ON tenders (phase, changed_ms) WHERE phase = 'person';

-- +goose Down

DROP INDEX tenders_person;
