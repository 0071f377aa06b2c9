-- Rows in ClickHouse, and what may be looked at: cells of 50 visitors or more. Runs on every version since 18.16.
-- A row that arrives twice has the same `id`: merging drops it, and the views count each id once before that.

CREATE TABLE IF NOT EXISTS slotwise
(
    day Date,
    metric String,
    experience String,
    arm String,
    held UInt8,
    weights UInt32,
    stratum String,
    value Float64,
    name String,
    `values` String,
    page String,
    bucket UInt8,
    id String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, metric, experience, arm, id);

-- One line per experience, arm and day. A goal belongs to the cell that its trial opened in, and is shown with it.
CREATE VIEW IF NOT EXISTS slotwise_days AS
SELECT
    day, experience, weights, stratum, arm, held,
    uniqExactIf(id, metric = 'shown') AS shown,
    uniqExactIf(id, metric = 'seen') AS seen,
    uniqExactIf(id, metric = 'goal') AS goals
FROM slotwise
WHERE metric IN ('shown', 'seen', 'goal')
GROUP BY day, experience, weights, stratum, arm, held
HAVING shown >= 50;

-- The same over all days.
CREATE VIEW IF NOT EXISTS slotwise_experiences AS
SELECT
    experience, weights, stratum, arm, held,
    uniqExactIf(id, metric = 'shown') AS shown,
    uniqExactIf(id, metric = 'seen') AS seen,
    uniqExactIf(id, metric = 'goal') AS goals,
    round(goals / shown, 4) AS rate
FROM slotwise
WHERE metric IN ('shown', 'seen', 'goal')
GROUP BY experience, weights, stratum, arm, held
HAVING shown >= 50;

-- Rows that the ruleset declares of its own.
CREATE VIEW IF NOT EXISTS slotwise_counts AS
SELECT day, name, `values`, page, bucket, uniqExact(id) AS visitors
FROM slotwise
WHERE metric = 'count'
GROUP BY day, name, `values`, page, bucket
HAVING visitors >= 50;
