import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** The project's own configuration, without the rules that need the whole program's types. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false, program: null } } },
  ],
});

async function messagesFor(filePath: string, text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return result?.messages.map(({ ruleId, message }) => `${ruleId ?? 'parse'}: ${message}`) ?? [];
}

const inMain = 'src-main/core/planted.ts';

describe('the lint rules', () => {
  it.each([
    ['foreign-url', inMain, "export const home = 'https://evil.example/a';"],
    ['foreign-url', inMain, 'export const home = (name: string) => `http://evil.example/${name}`;'],
    ['foreign-url', inMain, "export const home = 'https://pypi.org.evil.example/simple';"],
    ['no-sandbox', 'src-main/electron/planted.ts', "export const flags = ['--no-sandbox'];"],
    ['weakened-window', 'src-main/electron/planted.ts', 'export const options = { webSecurity: true };'],
    ['weakened-window', 'src-main/electron/planted.ts', 'export const options = { nodeIntegration: true };'],
    ['weakened-window', 'src-main/electron/planted.ts', 'export const options = { sandbox: false };'],
    ['token-comparison', inMain, 'export const same = (a: { token: string }, b: string) => a.token === b;'],
    ['token-comparison', inMain, 'export const same = (a: string, sessionToken: string) => a !== sessionToken;'],
    ['Randomness', 'src-shared/lib/planted.ts', 'export const dice = () => Math.random();'],
    ['No default exports', inMain, 'export default 1;'],
    ['No barrels', inMain, "export * from './other.ts';"],
    ['any', inMain, 'export const anything = (value: any) => String(value);'],
    ['button-has-type', 'src-renderer/ui/Planted.svelte', '<button>Go</button>'],
    ['no-at-html-tags', 'src-renderer/ui/Planted.svelte', "<p>{@html '<b>'}</p>"],
    ['style attributes', 'src-renderer/ui/Planted.svelte', '<p style="color: red">Go</p>'],
    ['max-lines', inMain, 'export const one = 1;\n'.repeat(401)],
  ])('refuse %s in %s', async (words, filePath, text) => {
    expect((await messagesFor(filePath, text)).join('\n')).toContain(words);
  });

  it.each([
    [inMain, 'export const origin = (port: number) => `http://127.0.0.1:${port}`;\n'],
    [inMain, 'export const origin = (host: string) => `http://${host}`;\n'],
    [inMain, 'export const has = (a: { token?: string }) => a.token !== undefined;\n'],
    ['src-main/electron/planted.ts', 'export const options = { sandbox: true, contextIsolation: true };\n'],
    ['test/e2e/planted.ts', "export const flags = ['--no-sandbox'];\n"],
    ['src-renderer/ui/Planted.svelte', '<button type="button">Go</button>\n'],
  ])('let %s say %s', async (filePath, text) => {
    expect(await messagesFor(filePath, text)).toEqual([]);
  });
});
