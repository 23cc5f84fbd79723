/** What is to be said, and how. */
export interface Speech {
  readonly text: string;
  /** The service's name of the voice, such as `ko-KR-SunHiNeural`. Checked against {@link isVoiceName}. */
  readonly voice: string;
  /** BCP 47 with a region, such as `ko-KR`. */
  readonly locale: string;
  /** 1 is normal. */
  readonly speed: number;
  /** 1 is normal. */
  readonly pitch: number;
}

const VOICE_NAME = /^[a-z]{2,3}(-[A-Za-z]{4})?-[A-Z]{2}(-[a-z]+)?-[A-Za-z0-9]{2,60}(:[A-Za-z0-9]{1,40})?$/;

/** True for what may be the name of a voice: nothing that means anything in XML. */
export function isVoiceName(text: string): boolean {
  return VOICE_NAME.test(text);
}

/** The language and region that a voice is named after. */
export function localeOf(voice: string): string {
  return /^[a-z]{2,3}(-[A-Za-z]{4})?-[A-Z]{2}/.exec(voice)?.[0] ?? 'en-US';
}

/** Speech as SSML 1.0 with one voice and one prosody, which is all that the voices of the browser allow. */
export function toSsml({ text, voice, locale, speed, pitch }: Speech): string {
  return (
    `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${locale}">` +
    `<voice name="${voice}"><prosody rate="${percent(speed)}" pitch="${percent(pitch)}">` +
    `${escapeXml(text)}</prosody></voice></speak>`
  );
}

/**
 * Text with a space in place of every character that XML 1.0 forbids, and of halves of pairs. It stays as long as it was, so
 * that places in it are places in the original.
 */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** The reverse of {@link escapeXml}: words come back as they were written into the XML. */
export function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:amp|lt|gt|quot|apos);/g,
    (entity) => Object.keys(ENTITIES).find((character) => ENTITIES[character] === entity) ?? entity,
  );
}

/** Prosody's relative form: 1.5 is `+50%`. */
function percent(factor: number): string {
  const change = Math.round((factor - 1) * 100);
  return `${change < 0 ? '' : '+'}${change}%`;
}
