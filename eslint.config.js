import { defineConfig } from 'eslint/config';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

/** Hosts that a source file may name. Loopback is where the app itself listens; every other one needs its reason here. */
const allowedHosts = [
  '127\\.0\\.0\\.1',
  'localhost',
  '\\[::1\\]',
  'www\\.w3\\.org', // XML namespaces, never fetched
  'www\\.apache\\.org', // licence texts
  'pypi\\.org', // TensorFlow wheels, pinned by hash (src-main/runtime)
  'files\\.pythonhosted\\.org', // the same
  'storage\\.googleapis\\.com', // the TensorFlow binding's own prebuilt libraries, pinned by hash
];

// A template such as `http://${host}` names no host: what stands there is decided, and checked, elsewhere.
const foreignUrl = `^https?:\\u002F\\u002F(?!$|${allowedHosts.map((host) => `${host}(?:[:\\u002F?#]|$)`).join('|')})`;

const style = [
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that declares it.' },
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: a name is the same everywhere.' },
];

const security = [
  {
    selector: `Literal[value=/${foreignUrl}/]`,
    message: 'foreign-url: the app loads nothing from elsewhere. A new host needs its reason in eslint.config.js.',
  },
  {
    selector: `TemplateElement[value.raw=/${foreignUrl}/]`,
    message: 'foreign-url: the app loads nothing from elsewhere. A new host needs its reason in eslint.config.js.',
  },
  {
    selector: 'Literal[value=/--no-sandbox/]',
    message: 'no-sandbox: only tests and tools may start a browser without.',
  },
  {
    selector: 'TemplateElement[value.raw=/--no-sandbox/]',
    message: 'no-sandbox: only tests and tools may start a browser without.',
  },
  {
    selector:
      'Property[key.name=/^(webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|bypassCSP)$/]',
    message: "weakened-window: this switch weakens the window; Electron's default stays.",
  },
  {
    selector:
      'Property[key.name=/^(nodeIntegration|nodeIntegrationInWorker|nodeIntegrationInSubFrames|webviewTag)$/][value.value=true]',
    message: 'weakened-window: the page gets no Node and no webview.',
  },
  {
    selector: 'Property[key.name=/^(contextIsolation|sandbox)$/][value.value=false]',
    message: 'weakened-window: the page stays isolated and sandboxed.',
  },
  ...['left', 'right'].flatMap((side) =>
    ['name', 'property.name'].map((name) => ({
      selector: `BinaryExpression[operator=/^[!=]==?$/][${side}.${name}=/token$/i]:not(:has(> Identifier[name='undefined']), :has(> Literal[raw='null']))`,
      message: 'token-comparison: compare secrets with timingSafeEqual, never with an operator.',
    })),
  ),
];

const determinism = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness arrives as an argument (src-shared/lib/seeded-random.ts); ids come from crypto.',
  },
];

const markup = [
  {
    selector: "SvelteAttribute[key.name='style']",
    message: 'The content security policy refuses style attributes: use a class or a style: directive.',
  },
];

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'coverage/', 'test-results/', 'assets/', 'test/fixtures/', '**/*.cjs'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'module',
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', ...style, ...security],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'typeLike', format: ['PascalCase'] },
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: false } },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // A port's method is async by its contract: an implementation need not await to turn a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src-shared/**', 'src-main/**', 'src-renderer/**'],
    rules: {
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-restricted-syntax': ['error', ...style, ...security, ...determinism],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Kernels over typed arrays: every index is in range by the loop's own bounds, and `?? 0` would hide a mistake.
    files: [
      'src-main/{imaging,network,trainer,exporters}/**',
      'src-renderer/state/{table,order}/**',
      'test/**',
      'bench/**',
      'tools/**',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['src-main/exporters/browser-page/**', 'src-renderer/**'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Svelte's runes narrow to their first value for TypeScript alone; svelte-check is the judge of types here.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
      'svelte/button-has-type': 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/require-each-key': 'error',
      'svelte/no-navigation-without-resolve': 'off',
      // Takes every local Date and URLSearchParams for state.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-imports': ['error', { paths: [{ name: 'svelte/store', message: 'Runes only.' }] }],
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      'no-restricted-syntax': ['error', style[0], ...security, ...determinism, ...markup],
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['test/**', 'tools/**', 'bench/**'],
    rules: {
      'no-restricted-syntax': ['error', ...style],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['*.config.ts', 'eslint.config.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
