import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { repositoryRoot } from './repository.ts';

/** What is inside a package's files on further terms, whose text the package does not ship. */
const furtherTerms: Readonly<Record<string, { readonly name: string; readonly file: string }>> = {
  '@tensorflow/tfjs-layers': { name: 'the files that say so (MIT)', file: 'tools/licences/tfjs-layers.txt' },
  '@tensorflow/tfjs-backend-wasm': { name: 'XNNPACK (BSD-3-Clause)', file: 'tools/licences/xnnpack.txt' },
};

const packageSchema = v.object({ version: v.string(), license: v.optional(v.string(), 'as below') });

/**
 * The licences of the packages that modules of a bundle come from, each text once below the names it is for.
 *
 * Throws for a package without a text: a bundle must not leave without the terms of what is in it.
 */
export function bundledLicences(modules: Iterable<string>): string {
  const namesOfText = new Map<string, string[]>();
  const add = (name: string, text: string): void => {
    namesOfText.set(text, [...(namesOfText.get(text) ?? []), name]);
  };
  for (const name of packagesOf(modules)) {
    const { version, license } = v.parse(
      packageSchema,
      JSON.parse(readFileSync(inPackage(name, 'package.json'), 'utf8')),
    );
    add(`${name} ${version} (${license})`, licenceText(name, license));
    const inside = furtherTerms[name];
    if (inside) add(`${inside.name}, in ${name}`, readFileSync(path.join(repositoryRoot, inside.file), 'utf8').trim());
  }
  return [...namesOfText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

function packagesOf(modules: Iterable<string>): readonly string[] {
  const names = [...modules].map(
    (file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1],
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function licenceText(name: string, license: string): string {
  const file = readdirSync(inPackage(name, '')).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  if (file !== undefined) return readFileSync(inPackage(name, file), 'utf8').trim();
  // TF.js ships none; Graft is under the same licence.
  if (/^Apache-2\.0( AND |$)/.test(license)) return readFileSync(path.join(repositoryRoot, 'LICENSE'), 'utf8').trim();
  const readme = inPackage(name, 'README.md');
  const section = existsSync(readme) ? /^LICENSE.*\n-+\n([\s\S]+)/m.exec(readFileSync(readme, 'utf8'))?.[1] : undefined;
  if (section === undefined) throw new Error(`${name} is in a bundle, but its package has no licence text`);
  return section.trim();
}

function inPackage(name: string, file: string): string {
  return path.join(repositoryRoot, 'node_modules', name, file);
}
