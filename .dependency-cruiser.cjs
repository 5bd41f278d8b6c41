/**
 * The import rules of docs/architecture.md. Each is shown red by a planted violation in test/rules.
 *
 * A path here is the resolved path from the repository's root; a package is node_modules/<name>/… when it is installed.
 */

/** Services in the order of the nouns: a later one may use an earlier one, never the reverse. */
const services = [
  'settings',
  'project',
  'image',
  'dataset',
  'quality',
  'backbone',
  'pipeline',
  'run',
  'probe',
  'features',
  'map',
  'suggestion',
  'judgement',
  'export',
];
/** Files of src-shared/domain (or folders), in the same sense. */
const domain = [
  'ids',
  'backbone',
  'dataset',
  'quality',
  'pipeline',
  'recipe',
  'run',
  'probe',
  'evaluation',
  'features',
  'suggestion',
  'judgement',
  'export',
];

/** Where a process starts: nothing imports these, and nothing has to. */
const entryPoints = [
  '^src-main/(electron|core|trainer|cli)/main\\.ts$',
  '^src-main/electron/preload\\.ts$',
  '^src-main/.*worker\\.ts$',
  '^src-main/exporters/browser-page/main\\.ts$',
  '^src-renderer/main\\.ts$',
  '\\.d\\.ts$',
];

/** A package of npm, installed or not. */
function npm(names) {
  return `(^|node_modules/)(${names})(/|$)`;
}

/** Of `among`, one place alone imports something. */
function only(name, { comment, among = '^src-', in: place, imports }) {
  return { name, comment, from: { path: among, pathNot: place }, to: { path: imports } };
}

/** One rule per noun but the last: it must not use what comes after it. */
function orderOf(prefix, folder, nouns) {
  return nouns.slice(0, -1).map((noun, index) => ({
    name: `${prefix}-${noun}`,
    comment: 'A later noun may use an earlier one, never the reverse.',
    from: { path: `^${folder}/${noun}(/|\\.ts$)` },
    to: { path: `^${folder}/(${nouns.slice(index + 1).join('|')})(/|\\.ts$)` },
  }));
}

const rules = [
  {
    name: 'shared-stands-alone',
    comment:
      'src-shared runs in Node and in a page: it imports nothing of ours, nothing of Node, and of npm only valibot.',
    from: { path: '^src-shared/' },
    to: { pathNot: ['^src-shared/', npm('valibot')] },
  },
  {
    name: 'renderer-uses-shared-only',
    comment: 'The page knows the contract and the domain, and neither Node nor a host.',
    from: { path: '^src-renderer/' },
    to: { path: '^(src-main|test|tools|bench)/' },
  },
  {
    name: 'renderer-has-no-node',
    comment: 'The page is sandboxed.',
    from: { path: '^src-renderer/' },
    to: { dependencyTypes: ['core'] },
  },
  only('only-electron-imports-electron', {
    comment: 'Everything else runs without an Electron binary.',
    among: '^(src-|tools/|bench/)',
    in: '^src-main/electron/',
    imports: npm('electron'),
  }),
  only('only-imaging-imports-sharp', {
    comment: 'One place decodes, with its limits and its list of allowed loaders.',
    in: '^src-main/imaging/',
    imports: npm('sharp'),
  }),
  only('only-trainer-imports-tensors', {
    comment: 'Core, the exporters and the page stay free of tf.js and ONNX Runtime; the exported page carries its own.',
    in: '^src-main/(trainer|exporters/browser-page)/',
    imports: npm('@tensorflow|onnxruntime-(node|web|common)|umap-js'),
  }),
  only('only-loopback-listens', {
    comment: 'One place speaks HTTP and WebSocket, behind its token, Host and Origin checks. Downloads use fetch.',
    in: '^src-main/loopback/',
    imports: `^(node:)?(http|https|http2)$|${npm('ws')}`,
  }),
  only('only-storage-opens-databases', {
    comment: 'One place knows SQL and writes the project database.',
    in: '^src-main/storage/',
    imports: `^(node:)?sqlite$|${npm('better-sqlite3|@types/better-sqlite3')}`,
  }),
  {
    name: 'services-know-no-host',
    comment: 'Product logic reaches hosts, the trainer and transports through core/ports.ts.',
    from: { path: '^src-main/services/' },
    to: { path: '^src-main/(electron|loopback|cli|trainer|core)/', pathNot: '^src-main/core/ports\\.ts$' },
  },
  {
    name: 'hosts-are-thin',
    comment: 'A host moves messages: it decodes nothing, stores nothing and decides nothing.',
    from: { path: '^src-main/(electron|loopback)/' },
    to: { path: '^src-main/(services|storage|imaging|network|trainer|exporters|cli)/' },
  },
  {
    name: 'preload-uses-shared-only',
    comment: 'The sandboxed preload is one bundle: electron and the contract.',
    from: { path: '^src-main/electron/preload\\.ts$' },
    to: { pathNot: ['^src-shared/', '^src-main/electron/', npm('electron|valibot')] },
  },
  {
    name: 'trainer-is-a-process',
    comment:
      'The trainer is started and spoken to (src-main/jobs), never imported: it may crash and run out of memory alone.',
    from: { path: '^src-main/', pathNot: '^src-main/trainer/' },
    to: { path: '^src-main/trainer/' },
  },
  {
    name: 'trainer-knows-no-product',
    comment: 'The trainer reads what a job names and writes only runs/<id>.',
    from: { path: '^src-main/trainer/' },
    to: { path: '^src-main/(services|core|electron|loopback|cli)/' },
  },
  {
    name: 'parts-know-no-product',
    comment: 'Imaging, job protocols, network, storage, runtime and exporters are parts that the services compose.',
    from: { path: '^src-main/(imaging|jobs|network|storage|runtime|exporters)/' },
    to: { path: '^src-main/(services|core|electron|loopback|cli)/' },
  },
  {
    name: 'network-is-pure',
    comment: 'A Network is data: no files, no pixels, no tensors.',
    from: { path: '^src-main/network/' },
    to: { path: '^src-main/', pathNot: '^src-main/network/' },
  },
  {
    name: 'exported-page-is-a-page',
    comment: 'The exported page runs in any browser: no Node.',
    from: { path: '^src-main/exporters/browser-page/' },
    to: { dependencyTypes: ['core'] },
  },
  ...orderOf('service-order', 'src-main/services', services),
  ...orderOf('domain-order', 'src-shared/domain', domain),
  {
    name: 'sources-know-no-tools',
    comment: 'The product needs neither its tests nor its tools.',
    from: { path: '^src-' },
    to: { path: '^(test|tools|bench)/' },
  },
  {
    name: 'no-development-packages',
    comment: 'What src-main imports is packaged, so it is a dependency. The exported page is bundled beforehand.',
    from: { path: '^src-(main|shared)/' },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: [npm('electron'), 'node_modules/@types/'],
    },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-cycles',
    comment: 'A cycle, of types too, is one file in two halves or a missing third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nothing imports and that imports nothing.',
    from: { orphan: true, path: '^src-', pathNot: entryPoints },
    to: {},
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ ...rule, severity: 'error' })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)dist/', '^test/fixtures/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    moduleSystems: ['es6', 'cjs', 'tsd'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default', 'require', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
