/**
 * SQL by schema version: rows for the tables that the version brought, for `tools/make-schema-fixture.ts`. The images are those of
 * test/fixtures/project-v1, numbered from 1 to 5.
 */
export const schemaFixtureRows: Readonly<Record<number, string>> = {
  2: `
    INSERT INTO imports VALUES ('import-0001', '2026-01-01T00:00:00.000Z', 'completed', '{}', NULL);
    INSERT INTO import_skips VALUES ('import-0001', 'notes.txt', '"This is not a picture."');
    INSERT INTO image_origins VALUES (1, 'import-0001', '2025-12-24T18:00:00', 'Camera', 'burst-1');
  `,
  3: `
    INSERT INTO image_facts VALUES (1, 1, x'0011223344556677', NULL, 0.5, 0.2, 0.9, 0.1, 0.3, 0.4, NULL);
    INSERT INTO split_rules VALUES (1, '{}');
    INSERT INTO kept_copies VALUES (2);
    INSERT INTO frozen_test VALUES (1, '2026-01-02T00:00:00.000Z', '${'ab'.repeat(32)}');
    INSERT INTO frozen_test_images SELECT id, class_id FROM images WHERE split = 'test';
    INSERT INTO file_checks VALUES (1, '2026-01-03T00:00:00.000Z', 5);
    INSERT INTO changed_files VALUES (3, 'missing', 0);
  `,
};
