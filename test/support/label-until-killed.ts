// A process that labels images for as long as it lives and prints each label after it was acknowledged.
// Usage: node label-until-killed.ts <project.sqlite>
import { writeSync } from 'node:fs';
import { openProjectDatabase } from '../../src-main/storage/project-database.ts';

const { dataset } = openProjectDatabase(String(process.argv[2]), 'write');
const { images, classes } = dataset.read();
for (let step = 0; ; step += 1) {
  const image = images[(step * 7) % images.length]!;
  const label = classes[(step * 5 + Math.floor(step / 11)) % classes.length]!;
  if (step % 13 === 12) {
    writeSync(1, `undo ${dataset.undo()}\n`);
  } else {
    const { revision, changed } = dataset.setLabel([image.id], label.id, '2026-01-01T00:00:00Z');
    if (changed > 0) writeSync(1, `label ${revision} ${image.id} ${label.id}\n`);
  }
}
