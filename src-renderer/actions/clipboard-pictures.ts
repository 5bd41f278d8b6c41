/** The pictures in the clipboard as files; rejects when the browser does not let the page read it. */
export async function readClipboardPictures(): Promise<readonly File[]> {
  const items = await navigator.clipboard.read();
  const pictures = items.flatMap((item) => {
    const type = item.types.find((one) => one.startsWith('image/'));
    return type === undefined ? [] : [{ item, type }];
  });
  return Promise.all(
    pictures.map(async ({ item, type }) => new File([await item.getType(type)], pictureName(type), { type })),
  );
}

function pictureName(type: string): string {
  return `clipboard.${type.slice('image/'.length).replace('svg+xml', 'svg')}`;
}
