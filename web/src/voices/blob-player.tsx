import { useCallback } from 'react';

export interface BlobPlayerProps {
  readonly sound: Blob;
  readonly label: string;
}

/** The browser's own player for a sound that this page has at hand. */
export function BlobPlayer({ sound, label }: BlobPlayerProps) {
  const fill = useCallback(
    (player: HTMLAudioElement) => {
      const url = URL.createObjectURL(sound);
      player.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [sound],
  );
  return (
    <audio ref={fill} controls aria-label={label}>
      <track kind="captions" />
    </audio>
  );
}
