-- What the Collector's ClickHouse exporter writes (otel_logs), carried on into the table of clickhouse.sql as it arrives.
-- Needs the Map type of 21.1 and newer. Not run by the tests: their server is older.

CREATE MATERIALIZED VIEW IF NOT EXISTS slotwise_from_collector TO slotwise AS
SELECT
    toDate(Timestamp, 'UTC') AS day,
    substring(Body, 10) AS metric,
    LogAttributes['slotwise.experience'] AS experience,
    LogAttributes['slotwise.arm'] AS arm,
    LogAttributes['slotwise.held'] = 'true' AS held,
    toUInt32OrZero(LogAttributes['slotwise.weights']) AS weights,
    LogAttributes['slotwise.stratum'] AS stratum,
    toFloat64OrZero(LogAttributes['slotwise.value']) AS value,
    LogAttributes['slotwise.name'] AS name,
    toJSONString(mapApply((name, word) -> (substring(name, 17), word), mapFilter((name, word) -> startsWith(name, 'slotwise.values.'), LogAttributes))) AS `values`,
    LogAttributes['slotwise.page'] AS page,
    toUInt8OrZero(LogAttributes['slotwise.bucket']) AS bucket,
    LogAttributes['slotwise.row'] AS id
FROM otel_logs
WHERE startsWith(Body, 'slotwise.');
