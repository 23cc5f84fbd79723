/** Bytes for people, as disks and downloads are sold: `239.5 MB`, `1.2 GB`. */
export function byteText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** A few languages by name, and how many more there are: `ko, en, ja +28`. */
export function languageText(languages: readonly string[]): string {
  const shown = languages.length <= 5 ? languages : languages.slice(0, 3);
  const more = languages.length - shown.length;
  return shown.join(', ') + (more === 0 ? '' : ` +${more}`);
}
