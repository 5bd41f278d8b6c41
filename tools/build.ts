/** `npm run build`: brings everything below dist up to date, or only the builds that are named. */
import { buildNames, ensureBuilt } from './lib/builds.ts';
import { repositoryRoot } from './lib/repository.ts';

process.chdir(repositoryRoot);
const named = process.argv.slice(2);
const names = named.length === 0 ? buildNames : buildNames.filter((name) => named.includes(name));
await ensureBuilt(names, (line) => console.log(line));
