/** 0.8613 → “86.1 %”. */
export function percent(fraction: number | null): string {
  return fraction === null ? '–' : `${(fraction * 100).toFixed(1)} %`;
}

/** 83 → “1 min 23 s”. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 3, “image” → “3 images”. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** 1.25e9 → “1.3 GB”, 4.2e6 → “4.2 MB”. */
export function gigabytes(bytes: number): string {
  return bytes >= 1e9 || bytes === 0 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Rows under each other in columns; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** How much disk the folder takes that all projects share. */
export function cacheWords({ folder, sizeBytes }: { readonly folder: string; readonly sizeBytes: number }): string {
  return `TensorFlow and what else all projects share: ${gigabytes(sizeBytes)} in ${folder}`;
}

/** What test-time augmentation did and costs, as lines; none without it. */
export function viewsLine(viewCount: number): readonly string[] {
  if (viewCount === 1) return [];
  return [`Test-time augmentation: ${viewCount} forward passes an image, whose probabilities are averaged`];
}
