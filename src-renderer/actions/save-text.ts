/** Hands the person a text as a file to keep. */
export function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has begun; what it needs of the address it has.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
