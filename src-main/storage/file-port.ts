import { open, rename, rm } from 'node:fs/promises';

/** A file open for writing, or a folder open for `sync`. */
export interface OpenFile {
  /** Writes some of the bytes, at least one, at the current position; answers how many. */
  write(bytes: Uint8Array): Promise<number>;
  sizeBytes(): Promise<number>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file operations that a durable write consists of; a port so that tests can fail any one of them. */
export interface FilePort {
  /** 'wx' creates a file that must not exist, 'r' opens an existing file or folder. */
  open(path: string, flags: 'wx' | 'r'): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** Not being there is fine. */
  remove(path: string): Promise<void>;
}

/** The real file system. */
export const nodeFiles: FilePort = {
  async open(path, flags) {
    const handle = await open(path, flags);
    return {
      write: async (bytes) => (await handle.write(bytes)).bytesWritten,
      sizeBytes: async () => (await handle.stat()).size,
      sync: () => handle.sync(),
      close: () => handle.close(),
    };
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
};
