/** `npm run build`: brings everything below dist up to date. */
import { buildNames, ensureBuilt } from './lib/builds.ts';
import { repositoryRoot } from './lib/repository.ts';

process.chdir(repositoryRoot);
await ensureBuilt(buildNames, (line) => console.log(line));
