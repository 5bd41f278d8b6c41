/** A part of a picture in its own pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const jpegQuality = 0.92;

/** What of a camera's picture is kept: all of it, or the square in its middle. */
export function keptPart(width: number, height: number, isSquare: boolean): Box {
  if (!isSquare) return { left: 0, top: 0, width, height };
  const side = Math.min(width, height);
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), width: side, height: side };
}

/** The picture that a camera shows now, as a JPEG, as it is and not as in a mirror; null while it shows none yet. */
export async function grabFrame(video: HTMLVideoElement, isSquare: boolean): Promise<Blob | null> {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const { left, top, width, height } = keptPart(videoWidth, videoHeight, isSquare);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(video, left, top, width, height, 0, 0, width, height);
  return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', jpegQuality));
}
