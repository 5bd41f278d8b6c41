/** One file on its way into a project, and its place below what was dropped or chosen. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

/** The files of a drop with their places, folders opened; empty when there are none. */
export async function readDrop(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  // Everything must be taken before the first await: after the event the transfer is empty.
  const reading = [...transfer.items].map(async (item): Promise<readonly DroppedFile[]> => {
    const entry = item.webkitGetAsEntry();
    if (entry) return await readEntry(entry, '');
    // What comes from a page or another program may be a file without a place on a disk.
    const file = item.kind === 'file' ? item.getAsFile() : null;
    return file ? [{ file, path: file.name }] : [];
  });
  return (await Promise.all(reading)).flat();
}

async function readEntry(entry: FileSystemEntry, above: string): Promise<readonly DroppedFile[]> {
  const path = above === '' ? entry.name : `${above}/${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const files: DroppedFile[] = [];
  // A reader gives its entries in portions and ends with an empty one.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return files;
    files.push(...(await Promise.all(portion.map((one) => readEntry(one, path)))).flat());
  }
}

// By what they say of themselves: Chromium does not have the classes by name.
function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** What a project made of a drop is called: the one folder that holds everything, else null. */
export function commonFolder(files: readonly DroppedFile[]): string | null {
  const names = new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''));
  const [only] = names;
  return names.size === 1 && only !== undefined && files.every(({ path }) => path.includes('/')) ? only : null;
}

/** The same files without the folder that holds them all, as importing that folder would see them. */
export function belowCommonFolder(files: readonly DroppedFile[]): readonly DroppedFile[] {
  const top = commonFolder(files);
  if (top === null) return files;
  // A folder of pictures only is a class; a folder of folders is what holds the classes.
  const isFlat = files.every(({ path }) => path.split('/').length === 2);
  return isFlat ? files : files.map(({ file, path }) => ({ file, path: path.slice(top.length + 1) }));
}
