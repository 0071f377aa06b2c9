-- Who may do what, for servers that know GRANT (20.5 and newer). Not run by the tests: their server is older.
-- The writer's password stands in every page, and is no secret: all that it allows is to add rows.

CREATE USER IF NOT EXISTS rows IDENTIFIED WITH plaintext_password BY 'public' SETTINGS async_insert = 1, wait_for_async_insert = 1, add_http_cors_header = 1;
GRANT INSERT ON slotwise TO rows;
CREATE QUOTA IF NOT EXISTS rows FOR INTERVAL 1 minute MAX queries = 600 TO rows;

-- Whoever looks at figures sees the views, and no row: the views read with their owner's rights.
ALTER TABLE slotwise_days MODIFY SQL SECURITY DEFINER;
ALTER TABLE slotwise_experiences MODIFY SQL SECURITY DEFINER;
ALTER TABLE slotwise_counts MODIFY SQL SECURITY DEFINER;
CREATE USER IF NOT EXISTS figures IDENTIFIED WITH sha256_password BY 'change this';
GRANT SELECT ON slotwise_days TO figures;
GRANT SELECT ON slotwise_experiences TO figures;
GRANT SELECT ON slotwise_counts TO figures;
