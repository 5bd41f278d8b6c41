import { pageElements, type PageData } from './page-data.ts';

/** What goes into one page. */
export interface PageParts {
  readonly data: PageData;
  readonly weights: Uint8Array;
  /** The built script of browser-page. */
  readonly script: string;
  readonly style: string;
}

/** Nothing may be loaded, and nothing may be sent: the page works on what it carries. `data:` and `blob:` are its own WebAssembly and pictures. */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'wasm-unsafe-eval'",
  "style-src 'unsafe-inline'",
  'img-src blob: data:',
  'connect-src data:',
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/** One HTML file that needs nothing beside it and opens by double click. */
export function renderPage({ data, weights, script, style }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(data.title)}</title>
<style>${style}</style>
</head>
<body>
<main id="${pageElements.app}"></main>
<script type="application/json" id="${pageElements.data}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script type="text/plain" id="${pageElements.weights}">${Buffer.from(weights).toString('base64')}</script>
<script>${escapeScript(script)}</script>
</body>
</html>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The two sequences that change how HTML reads a script occur in strings only, where an escape means the same. */
function escapeScript(script: string): string {
  return script.replace(/<(?=\/script|!--)/gi, '\\x3c');
}
