import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from './lib/repository.ts';
import { encodeSprite, makeSprite } from './lib/step-sprite.ts';

// Makes the tiny picture of each kind of step, all in one file, with the steps themselves.
// Usage: node tools/step-pictures.ts

const file = path.join(repositoryRoot, 'src-renderer', 'features', 'pipeline', 'step-pictures.webp');
const bytes = await encodeSprite(await makeSprite());
await writeFile(file, bytes);
process.stdout.write(`${path.relative(repositoryRoot, file)}  ${String(Math.round(bytes.length / 1000))} kB\n`);
