/** What a person said, however it came in. */
export interface Heard {
  readonly text: string;
  readonly language: string;
  /** `voice`: through the ears; `text`: typed or recognised elsewhere. */
  readonly source: 'voice' | 'text';
  /** 0..1; null where nobody knows. */
  readonly confidence: number | null;
}
