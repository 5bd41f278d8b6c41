import { copyFileSync, existsSync } from 'node:fs';

/** Copies a database that nobody writes, its log included. */
export function copyDatabaseFiles(file: string, copy: string): void {
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
}
