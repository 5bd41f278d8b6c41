import path from 'node:path';

/** The files that main needs, in the repository or in a package. */
export interface ProgramFiles {
  /** The folder with dist/, assets/ and package.json that core runs from. */
  readonly coreRoot: string;
  readonly node: string;
  readonly coreEntry: string;
  readonly page: string;
  readonly preload: string;
  readonly icon: string;
  /** SHA-256 of every file that a package carries outside its archive; null in the repository. */
  readonly manifest: string | null;
}

/**
 * Finds them: `appRoot` is where Electron finds package.json (the repository, or app.asar), `resources` the folder of a
 * package that holds what lies outside the archive, because plain Node cannot read archives.
 */
export function programFiles(options: {
  readonly appRoot: string;
  readonly resources: string | null;
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
}): ProgramFiles {
  const { appRoot, resources, platform, architecture } = options;
  const coreRoot = resources === null ? appRoot : path.join(resources, 'core');
  const program = platform === 'win32' ? 'node.exe' : 'node';
  const nodePackage = `node-${platform === 'win32' ? 'win' : platform}-${architecture}`;
  return {
    coreRoot,
    node:
      resources === null
        ? path.join(appRoot, 'node_modules', nodePackage, 'bin', program)
        : path.join(resources, 'node', program),
    coreEntry: path.join(coreRoot, 'dist', 'src-main', 'core', 'main.js'),
    page: path.join(coreRoot, 'dist', 'renderer'),
    preload: path.join(appRoot, 'dist', 'preload', 'preload.cjs'),
    icon: path.join(coreRoot, 'assets', 'icons', 'icon.png'),
    manifest: resources === null ? null : path.join(appRoot, 'dist', 'core-manifest.json'),
  };
}
