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
  4: `
    UPDATE classes SET description = 'With a handle', color = 3, key = '7' WHERE id = 'class-2';
    INSERT INTO image_marks VALUES (2, 'unsure');
    INSERT INTO image_tags VALUES (1, 'blurry');
    INSERT INTO trashed_images VALUES (5, '2026-01-04T00:00:00.000Z');
    INSERT INTO deleted_images VALUES ('${'cd'.repeat(32)}', 'gone.png', 'png', '2026-01-04T00:00:00.000Z', 0);
    INSERT INTO edit_marks VALUES (1, 2, NULL, 'unsure');
    INSERT INTO edit_tags VALUES (1, 1, 'blurry', 0, 1);
    INSERT INTO edit_trash VALUES (1, 5, NULL, '2026-01-04T00:00:00.000Z');
  `,
  5: `
    INSERT INTO accepted_labels VALUES (1, 'class-2', 'efficientnet-lite0', 0.97, '2026-01-05T00:00:00.000Z');
    INSERT INTO judged_labels VALUES ('refused', 2, 'class-2', '2026-01-05T00:00:00.000Z');
    INSERT INTO label_effects VALUES (1, '2026-01-05T00:00:00.000Z', 3, 1, 1, '${'ef'.repeat(32)}');
  `,
  6: `
    INSERT INTO saved_views VALUES (1, 'Dogs', 'class=class-2');
  `,
};
