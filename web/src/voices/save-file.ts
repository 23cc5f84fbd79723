/** Long enough for every browser to begin the download. */
const KEPT_MS = 60_000;

/** Lets the browser download `blob` under this name. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
